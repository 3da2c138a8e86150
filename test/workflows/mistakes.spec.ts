import { describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { MISTAKES, seed } from './support/mistakes.ts';
import { findBreaches } from './support/rules.ts';

describe('a rule of this repository finds', () => {
  it.each(MISTAKES)('$mistake', async (mistake) => {
    const folder = await seed(mistake);
    const found = await findBreaches(folder);
    await rm(folder, { recursive: true });
    expect(found).not.toEqual([]);
  });
});
