import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { CHECKERS } from './support/checkers.ts';

describe.each(['.', 'examples/consumer'])('the workflows of %s', (folder) => {
  it.each(Object.entries(CHECKERS))('pass %s', async (_, check) => {
    // zizmor would read the whole tree, tests and all.
    const copy = await mkdtemp(path.join(tmpdir(), 'checked-'));
    await run('cp', ['-r', path.join(ROOT, folder, '.github'), copy], copy);
    expect(await check(copy)).toEqual([]);
    await rm(copy, { recursive: true });
  });
});
