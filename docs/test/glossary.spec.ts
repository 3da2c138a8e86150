import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listFiles } from '@slipway/test-helpers/files';
import { ROOT } from '@slipway/test-helpers/root';
import { tablesOf } from './support/markdown.ts';

const [table = []] = tablesOf(readFileSync(path.join(ROOT, 'docs/glossary.md'), 'utf8'));
const rows = table.slice(2).map((row) => row.map((cell) => cell.trim()));

/** What people write and read; what was written down once, and what programs made, stays as it is. */
const texts = listFiles('*.md', '*.ts', '*.mjs', '*.sh', '*.jq', '*.tf', '*.hcl', '*.yml', '*.py').filter(
  (file) => !/^(CHANGELOG\.md|docs\/(glossary\.md|decisions\/|test\/)|bench\/results\/)/.test(file),
);

/** A name is read as the words that it is made of: `startAgain` and `start_again` as `start again`. */
const wordsOf = (text: string) => text.replaceAll(/(?<=[a-z])(?=[A-Z])|_/g, ' ');

describe('the glossary', () => {
  it('has at most 40 terms, in order, each with its meaning in both languages', () => {
    const terms = rows.map(([term = '']) => term);

    expect(terms.length).toBeLessThanOrEqual(40);
    expect(terms).toEqual([...new Set(terms)].toSorted());
    expect(rows.filter(([, meaning, portuguese]) => !meaning || !/^.+: .+$/.test(portuguese ?? ''))).toEqual(
      [],
    );
  });

  it.each(rows.filter(([, , , not]) => not !== '').map(([term, , , not]) => ({ term, not })))(
    'has $term, and so nothing says $not',
    ({ not = '' }) => {
      const word = new RegExp(`\\b${not}s?\\b`, 'i');

      expect(texts.filter((file) => word.test(wordsOf(readFileSync(path.join(ROOT, file), 'utf8'))))).toEqual(
        [],
      );
    },
  );
});
