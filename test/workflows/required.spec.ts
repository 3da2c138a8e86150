import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '@slipway/test-helpers/root';

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
    ['success success success success success', 0],
    ['success failure success success success', 1],
    ['skipped success success success success', 1],
    ['success success success success cancelled', 1],
  ])('with %s ends with %i', (RESULTS, status) => {
    const script = required?.steps?.[0]?.run ?? '';
    const bash = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script];
    expect(spawnSync('bash', bash, { env: { ...process.env, RESULTS } }).status).toBe(status);
  });
});

describe('what the required checks run', () => {
  it.each(['check-code', 'check-applied', 'check-workflows'])(
    '%s has every tool, and skips nothing',
    async (name) => {
      const text = await readFile(path.join(ROOT, `.github/workflows/${name}.yml`), 'utf8');
      expect(text).toContain('.ci/with-tools.sh ');
      expect(await readFile(path.join(ROOT, '.ci/with-tools.sh'), 'utf8')).toContain('REQUIRE_ALL_TOOLS=1');
    },
  );

  it('are got from the same script as everything that .ci/run runs', async () => {
    for (const file of ['.ci/run', '.ci/with-tools.sh']) {
      expect(await readFile(path.join(ROOT, file), 'utf8')).toContain('.ci/install-tools.sh "$tools"');
    }
  });
});
