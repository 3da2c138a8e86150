import { describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { diagnose } from './support/language-service.ts';
import { MISTAKES, seed } from './support/mistakes.ts';
import { findBreaches } from './support/rules.ts';

describe('a seeded mistake turns npm test red', () => {
  it.each(MISTAKES.filter(({ node }) => node))('$mistake', async (mistake) => {
    const folder = await seed(mistake);
    const found = [...(await diagnose(folder, mistake.file)), ...(await findBreaches(folder))];
    await rm(folder, { recursive: true });
    expect(found).not.toEqual([]);
  });
});
