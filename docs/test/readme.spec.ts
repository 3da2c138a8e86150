import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fencedCode, inlineCode, linksOf, sectionsOf, tablesOf } from './support/markdown.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Whatever of a README has to be the same in every language. */
const aspects = {
  'the commands and what they print, to the letter': fencedCode,
  'the tables: their rows, their columns and the code in each cell': (page: string) =>
    tablesOf(page).map((table) => table.map((row) => row.map(inlineCode))),
  'the sections, in their order, and the code that each speaks of': (page: string) =>
    sectionsOf(page).map(({ level, text }) => ({ level, code: inlineCode(text) })),
  'the links, but those from one README to the other': (page: string) =>
    linksOf(page)
      // A page that is there in Portuguese is linked in Portuguese.
      .map(({ file, anchor }) => `${file.replace('.pt-BR.md', '.md')}#${anchor}`)
      .toSorted(),
};

describe.each(['', 'service/'])('%sREADME.pt-BR.md', (folder) => {
  const english = read(`${folder}README.md`);
  const portuguese = read(`${folder}README.pt-BR.md`);

  it.each(Object.entries(aspects))('has in step with the English one %s', (_aspect, of) => {
    expect(of(portuguese)).toEqual(of(english));
  });

  it('is a click away from the English one, and back', () => {
    expect(linksOf(english)).toContainEqual({ file: 'README.pt-BR.md', anchor: '' });
    expect(linksOf(portuguese)).toContainEqual({ file: 'README.md', anchor: '' });
  });
});

/** Each a change that somebody makes to one README and forgets in the other. */
const forgotten = {
  'a command': ['npm ci && npm start', 'npm ci && npm run start'],
  'a row of a table': [/^\| pause at night.*\n/m, ''],
  'the code in a cell': ['`slipway release COMMIT`', '`slipway rollback`'],
  'the code in a sentence': ['by `.ci/run`', 'by `make`'],
  'a section': [/^## More\n/m, ''],
  'a link': ['](docs/costs.md)', '](docs/prices.md)'],
} as const;

describe('a change that is forgotten', () => {
  const english = read('README.md');

  it.each(Object.entries(forgotten))('is noticed: %s', (_what, [before, after]) => {
    const changed = english.replace(before, after);
    expect(changed).not.toBe(english);
    expect(Object.values(aspects).map((of) => of(changed))).not.toEqual(
      Object.values(aspects).map((of) => of(english)),
    );
  });
});
