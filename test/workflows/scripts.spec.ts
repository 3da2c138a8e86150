import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listFiles } from '@slipway/test-helpers/files';
import { ROOT } from '@slipway/test-helpers/root';

/** A reader that goes before its writer has ended: where both are slow, `pipefail` makes a failure of a success. */
const EARLY = /\|\s*(head\b|grep\s+-[A-Za-z]*q|grep\b.*\s-m\s*1|sed\s+-?n?\s*'?1q)/;

describe('shell scripts', () => {
  it('read what a program writes to its end', () => {
    const lines = listFiles('*.sh', '.ci/run').flatMap((file) =>
      readFileSync(path.join(ROOT, file), 'utf8')
        .split('\n')
        .map((line) => `${file}: ${line}`),
    );

    expect(lines.length).toBeGreaterThan(1000);
    expect(lines.filter((line) => EARLY.test(line))).toEqual([]);
  });
});
