import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { anchorsOf, linksOf } from './support/markdown.ts';

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((page) => existsSync(path.join(ROOT, page)));

describe('the links', () => {
  it.each(pages)('of %s lead somewhere', (page) => {
    const from = path.join(ROOT, page);
    const broken = linksOf(readFileSync(from, 'utf8')).filter(({ file, anchor }) => {
      const to = file === '' ? from : path.resolve(path.dirname(from), file);
      return !existsSync(to) || (anchor !== '' && !anchorsOf(readFileSync(to, 'utf8')).includes(anchor));
    });
    expect(broken).toEqual([]);
  });
});
