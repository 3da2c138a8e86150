import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './support/tree.ts';

interface Ci {
  jobs: Record<string, { needs?: string[]; if?: string; steps?: { run: string }[] }>;
}

const ci = parse(await readFile(path.join(ROOT, '.github/workflows/ci.yml'), 'utf8')) as Ci;
const { required, ...checks } = ci.jobs;

describe('the one check that a branch rule names', () => {
  it('needs every other job, and runs whatever becomes of them', () => {
    expect(required?.needs).toEqual(Object.keys(checks));
    expect(required?.if).toBe('always()');
  });

  it.each([
    ['success success success success', 0],
    ['success failure success success', 1],
    ['skipped success success success', 1],
    ['success success success cancelled', 1],
  ])('with %s ends with %i', (RESULTS, status) => {
    const script = required?.steps?.[0]?.run ?? '';
    const bash = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
    expect(spawnSync('bash', bash, { env: { ...process.env, RESULTS } }).status).toBe(status);
  });
});
