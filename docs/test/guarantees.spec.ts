import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { tablesOf } from './support/markdown.ts';

const JEST = path.join(ROOT, 'node_modules/jest/bin/jest.js');

/** Every test file that `npm test` and `.ci/run` run. */
const tests = ['jest.config.mjs', 'test/jest.config.mjs'].flatMap((config) =>
  (
    JSON.parse(
      execFileSync(process.execPath, [JEST, '--config', config, '--listTests', '--json'], {
        cwd: ROOT,
        encoding: 'utf8',
      }),
    ) as string[]
  ).map((file) => path.relative(ROOT, file)),
);

const named = tablesOf(readFileSync(path.join(ROOT, 'docs/guarantees.md'), 'utf8'))
  .flatMap((table) => table.slice(2))
  .flatMap(([guarantee = '', cell = '']) =>
    cell.split(' · ').map((test) => ({ guarantee: guarantee.trim(), test: test.trim() })),
  );

describe('the guarantees', () => {
  it.each(named.filter(({ test }) => !test.startsWith('`npm')))('$guarantee: $test is run', ({ test }) => {
    const [, file = '', title] = /^`([^`]+)`(?:: (.+))?$/.exec(test) ?? [];

    expect(tests).toContain(file);
    // As it stands in the source, between its quotation marks.
    expect(readFileSync(path.join(ROOT, file), 'utf8')).toContain(title ?? '');
  });

  it.each(named.filter(({ test }) => test.startsWith('`npm')))('$guarantee: $test is run', ({ test }) => {
    const command = test.slice(1, -1);

    expect(readFileSync(path.join(ROOT, '.ci/run'), 'utf8')).toContain(command);
  });
});
