import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { tablesOf } from './support/markdown.ts';

const [table = []] = tablesOf(readFileSync(path.join(ROOT, 'docs/glossary.md'), 'utf8'));
const rows = table.slice(2).map((row) => row.map((cell) => cell.trim()));

/** What people write and read; what was written down once, and what programs made, stays as it is. */
const texts = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => /\.(md|ts|mjs|sh|tf|yml|py)$/.test(file) && existsSync(path.join(ROOT, file)))
  .filter((file) => !/^(CHANGELOG\.md|docs\/(glossary\.md|decisions\/|test\/)|bench\/results\/)/.test(file));

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

      expect(texts.filter((file) => word.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
    },
  );
});
