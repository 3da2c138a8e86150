import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  COMBINATIONS,
  LIVE_ACCOUNT,
  STAGING_ACCOUNT,
  writeCombination,
} from '@slipway/test-helpers/cli/combinations';
import { ACCOUNT, REGION } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, startEmulator, type Emulator } from '@slipway/test-helpers/emulator/emulator';
import { World } from '@slipway/test-helpers/emulator/world';
import { type Event, GitHub } from './support/act.ts';
import { commitAll, editDefinitions, forAct, SLIPWAY } from './support/clone.ts';

const LEDGER = 'acme-example/ledger';
const SETTINGS = /\.(yml|tfvars)$/;

/**
 * All, or those of several services alone: the workflows of a repository with one service are the example's, to which
 * cli/test/init.spec.ts holds them, and which consumer.spec.ts runs.
 */
const ALL = process.env['COMBINATIONS'] === 'all';
const COMBINED = ALL
  ? COMBINATIONS
  : COMBINATIONS.filter(({ folder }) => folder !== 'environments').slice(0, 1);
const COUNT = `${COMBINED.length} of ${COMBINATIONS.length}; COMBINATIONS=all for all`;

describeEmulator(`what init writes (${COUNT})`, () => {
  // Each has an emulator of its own: what one has applied, the next would have nothing to change in.
  describe.each(COMBINED)('for $name', (combination) => {
    let emulator: Emulator;
    let world: World;
    let github: GitHub;
    let commit: string;
    const prefix = combination.folder === 'environments' ? '' : 'ledger-';
    const start = (workflow: string, event: string, more?: Event) =>
      github.run(LEDGER, `${prefix}${workflow}`, event, more);
    const dispatch = (workflow: string, inputs: Record<string, string>) =>
      start(workflow, 'workflow_dispatch', { inputs });

    beforeAll(async () => {
      emulator = await startEmulator();
      world = new World(emulator.url);
      await world.build(['ledger-staging', 'ledger-live']);
      github = await GitHub.create(emulator.url);
      await standOnRunner(github.clone(SLIPWAY), combination.flags.includes('ARM64') ? 'ARM64' : 'X64');
      const ledger = github.clone(LEDGER);
      await writeCombination(ledger, combination);
      await moveToEmulator(ledger);
      await editDefinitions(ledger, forAct);
      commit = await commitAll(ledger);
    });

    afterAll(async () => {
      await github.remove();
      world.stop();
      await emulator.stop();
    });

    it('a push is run by staging, which is promoted to live, and goes back', async () => {
      const pushed = await start('deliver.yml', 'push');
      expect(pushed.output).toContain('completed: ');
      expect(pushed.code).toBe(0);

      const promoted = await dispatch('live.yml', { do: 'promote', commit: '' });
      expect(promoted.output).toContain(`runs \`${commit}\``);
      expect(promoted.code).toBe(0);
      const { [commit]: image } = await world.images('ledger-staging');
      expect(await world.runs('ledger-live')).toContain(`@${image}`);

      const released = await dispatch('live.yml', { do: 'roll back', commit });
      expect(released.output).toContain('completed: ');
      expect(released.code).toBe(0);
    });

    it('a pull request shows the plans, and a layer is applied by hand', async () => {
      const shown = await start('infrastructure.yml', 'pull_request', {
        payload: { pull_request: { number: 5, head: { repo: { full_name: LEDGER } } } },
      });
      expect(shown.code).toBe(0);
      const comment = await readFile(path.join(github.folder, 'records/comment'), 'utf8');
      expect(comment).toContain(`## Plans of \`${combination.folder}\`\n`);
      expect(comment).toContain('### live / application: plan\n');

      const inputs = { environment: 'live', layer: 'databases', command: 'apply' };
      const applied = await dispatch('infrastructure.yml', inputs);
      expect(applied.output).toContain('applied `plans/live/databases/');
      expect(applied.code).toBe(0);
    });
  });
});

/** The one account and region of the emulator, in place of those of the combinations. */
async function moveToEmulator(folder: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => SETTINGS.test(file));
  for (const file of files.map((name) => path.join(folder, name))) {
    const text = await readFile(file, 'utf8');
    const moved = text.replaceAll(STAGING_ACCOUNT, ACCOUNT).replaceAll(LIVE_ACCOUNT, ACCOUNT);
    await writeFile(file, moved.replaceAll('eu-west-1', REGION));
  }
}

/** The build looks for the runner that the architecture asks for, and act's is this machine. */
async function standOnRunner(slipway: string, architecture: string): Promise<void> {
  const file = path.join(slipway, '.github/actions/build-image/look.sh');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('set -euo pipefail\n', `$&RUNNER_ARCH=${architecture}\n`));
  await commitAll(slipway);
}
