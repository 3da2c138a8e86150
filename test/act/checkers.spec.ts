import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MISTAKES, seed } from '../workflows/support/mistakes.ts';
import { ROOT } from '@slipway/test-helpers/root';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { checkov, CHECKERS } from './support/checkers.ts';

describe.each(['.', 'examples/consumer'])('the workflows of %s', (folder) => {
  it.each(Object.entries(CHECKERS))('pass %s', async (_, check) => {
    // zizmor would read the whole tree, tests and all.
    const copy = await mkdtemp(path.join(tmpdir(), 'checked-'));
    await run('cp', ['-r', path.join(ROOT, folder, '.github'), copy], copy);
    expect(await check(copy)).toEqual([]);
    await rm(copy, { recursive: true });
  });
});

describe('a seeded mistake', () => {
  const table: string[] = [];
  afterAll(() => {
    process.stdout.write(`${table.join('\n')}\n`);
  });

  it('is seen by at least one checker, each of them', async () => {
    const all = await mkdtemp(path.join(tmpdir(), 'mistakes-'));
    const folders = await Promise.all(
      MISTAKES.map(async (mistake, index) => {
        const folder = path.join(all, String(index));
        await rename(await seed(mistake), folder);
        return folder;
      }),
    );
    // The tree as it is, among them: nothing must be found there.
    await run('cp', ['-r', path.join(ROOT, '.github'), path.join(ROOT, 'examples'), all], all);
    const byCheckov = await checkov(all);
    expect(byCheckov.filter((line) => !/^\/\d+\//.test(line))).toEqual([]);
    const unseen: string[] = [];
    for (const [index, { mistake, file }] of MISTAKES.entries()) {
      const seenBy: string[] = [];
      for (const [name, check] of Object.entries(CHECKERS)) {
        if ((await check(folders[index] as string, file)).length > 0) seenBy.push(name);
      }
      if (byCheckov.some((line) => line.startsWith(`/${index}/`))) seenBy.push('checkov');
      table.push(`| ${mistake} | ${seenBy.join(', ')} |`);
      if (seenBy.length === 0) unseen.push(mistake);
    }
    await rm(all, { recursive: true });
    expect(unseen).toEqual([]);
  });
});
