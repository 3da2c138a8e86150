import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listFiles } from '@slipway/test-helpers/files';
import { ROOT } from '@slipway/test-helpers/root';
import { anchorsOf, linksOf } from './support/markdown.ts';

describe('the links', () => {
  it.each(listFiles('*.md'))('of %s lead somewhere', (page) => {
    const from = path.join(ROOT, page);
    const broken = linksOf(readFileSync(from, 'utf8')).filter(({ file, anchor }) => {
      const to = file === '' ? from : path.resolve(path.dirname(from), file);
      return !existsSync(to) || (anchor !== '' && !anchorsOf(readFileSync(to, 'utf8')).includes(anchor));
    });
    expect(broken).toEqual([]);
  });
});
