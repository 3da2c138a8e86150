import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { listFiles } from '@slipway/test-helpers/files';
import { ROOT } from '@slipway/test-helpers/root';
import { tablesOf } from './support/markdown.ts';

const HELPERS = '@slipway/test-helpers/';
const IMPORT = /(?:from|import\(|import)\s*'([^']+)'/g;

const sources = listFiles('*.ts', '*.mjs').filter((file) => file.includes('/'));

/** What a source imports from the repository: the name that it uses, and the path from the root. */
function importsOf(source: string): { name: string; imported: string }[] {
  const text = readFileSync(path.join(ROOT, source), 'utf8');
  return [...text.matchAll(IMPORT)].flatMap(([, name = '']) => {
    if (name.startsWith(HELPERS)) return [{ name, imported: `test/helpers/${name.slice(HELPERS.length)}` }];
    return name.startsWith('.') ? [{ name, imported: path.join(path.dirname(source), name) }] : [];
  });
}

const roomOf = (file: string) => file.slice(0, file.indexOf('/') + 1);

/** What sources import from other rooms; files at the root belong to everybody. */
const crossings = sources.flatMap((source) =>
  importsOf(source)
    .filter(({ imported }) => imported.includes('/') && roomOf(imported) !== roomOf(source))
    .map((one) => ({ source, ...one })),
);

it('names the rooms whose modules each room imports', () => {
  const page = readFileSync(path.join(ROOT, 'docs/architecture.md'), 'utf8');
  const rows =
    tablesOf(page)
      .find(([head]) => head?.at(-1)?.trim() === 'imports')
      ?.slice(2) ?? [];
  const rooms = rows.map((row) => /`([^`]+\/)`/.exec(row[0] ?? '')?.[1] ?? '');
  const documented = rows.map((row, index) => [
    rooms[index],
    [...(row.at(-1) ?? '').matchAll(/`([^`]+\/)`/g)].map(([, room = '']) => room).toSorted(),
  ]);

  const seen = rooms.map((room) => [
    room,
    [
      ...new Set(
        crossings.filter(({ source }) => roomOf(source) === room).map(({ imported }) => roomOf(imported)),
      ),
    ].toSorted(),
  ]);
  expect(rooms).toContain('service/');
  expect(seen).toEqual(documented);
});

it('lets no room import the tests of another, but by the name of the shared helpers', () => {
  const tests = crossings.filter(({ imported }) => /(^|\/)tests?\//.test(imported));

  expect(tests.filter(({ name }) => !name.startsWith(HELPERS))).toEqual([]);
});
