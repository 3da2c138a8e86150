import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { findBreaches } from './support/rules.ts';
import { ROOT } from '@slipway/test-helpers/root';

describe("the repository's own rules for workflows and actions", () => {
  it.each(['.', 'examples/consumer'])('are kept in %s', async (folder) => {
    expect(await findBreaches(path.join(ROOT, folder))).toEqual([]);
  });
});
