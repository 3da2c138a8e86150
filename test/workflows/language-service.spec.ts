import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { diagnose } from './support/language-service.ts';
import { readDefinitions } from './support/tree.ts';
import { ROOT } from '@slipway/test-helpers/root';

describe("GitHub's language service", () => {
  it.each(['.', 'examples/consumer'])('finds nothing in %s', async (folder) => {
    const root = path.join(ROOT, folder);
    expect((await readDefinitions(root)).length).toBeGreaterThan(0);
    expect(await diagnose(root)).toEqual([]);
  });
});
