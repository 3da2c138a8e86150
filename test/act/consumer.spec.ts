import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ACCOUNT, REGION } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, startEmulator, type Emulator } from '@slipway/test-helpers/emulator/emulator';
import { ROOT } from '@slipway/test-helpers/root';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { GitHub, moveEnvironments } from './support/act.ts';
import { commitAll, copyTree, editDefinitions, forAct, SLIPWAY } from './support/clone.ts';
import { allHostile, hostile } from './support/hostile.ts';
import { World } from '@slipway/test-helpers/emulator/world';

const LEDGER = 'acme-example/ledger';

/** What a version has: the redeployer's zip and its checksum. */
async function carryZip(redeployer: string): Promise<void> {
  const version = path.join(redeployer, 'version');
  await mkdir(version);
  await copyFile(path.join(ROOT, 'redeployer/dist/redeployer.zip'), path.join(version, 'redeployer.zip'));
  await run('bash', ['-c', 'sha256sum redeployer.zip >redeployer.zip.sha256'], version);
}

// One story: each test goes on where the one before it ended.
describeEmulator("another repository's calls", () => {
  let emulator: Emulator;
  let world: World;
  let github: GitHub;
  let commit: string;

  const dispatch = (workflow: string, inputs: Record<string, string>) =>
    github.run(LEDGER, workflow, 'workflow_dispatch', { inputs });

  beforeAll(async () => {
    emulator = await startEmulator();
    world = new World(emulator.url);
    await world.build(['ledger-staging', 'ledger-live']);
    github = await GitHub.create(emulator.url);
    await carryZip(path.join(github.clone(SLIPWAY), 'redeployer'));
    const ledger = github.clone(LEDGER);
    await copyTree('examples/consumer', ledger);
    // The one account and region of the emulator, in place of the two of the example.
    await editDefinitions(ledger, (text) =>
      forAct(text)
        .replaceAll(/333333333333|444444444444/g, ACCOUNT)
        .replaceAll('eu-west-1', REGION),
    );
    await moveEnvironments(path.join(ledger, 'environments'), ACCOUNT, REGION);
    commit = await commitAll(ledger);
  });

  beforeEach(() => github.forget());

  afterAll(async () => {
    world.stop();
    await emulator.stop();
    await github.remove();
  });

  it('deliver.yml, push: staging runs the commit', async () => {
    const { code, output } = await github.run(LEDGER, 'deliver.yml', 'push');

    expect(output).toContain('completed: ');
    expect(code).toBe(0);
    expect(await world.runs('ledger-staging')).toContain(
      `@${(await world.images('ledger-staging'))[commit]}`,
    );
  });

  it('live.yml, by hand: live gets what staging runs, and goes back', async () => {
    const promoted = await dispatch('live.yml', { do: 'promote', commit: '' });
    expect(promoted.output).toContain(`runs \`${commit}\``);
    expect(promoted.code).toBe(0);
    expect(await world.images('ledger-live')).toEqual(await world.images('ledger-staging'));

    const released = await dispatch('live.yml', { do: 'roll back', commit });
    expect(released.output).toContain('completed: ');
    expect(released.code).toBe(0);
  });

  it("infrastructure.yml, by hand: applies Slipway's layers with the caller's settings", async () => {
    const inputs = { environment: 'staging', layer: 'application', command: 'apply' };

    const { code, output } = await dispatch('infrastructure.yml', inputs);

    expect(output).toContain('applied `plans/staging/application/');
    expect(code).toBe(0);
    expect(await world.applied('ledger-staging', 'staging', 'application')).toMatch(/^one [0-9a-f]{64}$/);
    expect(await github.records('npm')).toEqual([]);
  });

  it('infrastructure.yml, pull_request: shows the plans in one comment', async () => {
    const { code } = await github.run(LEDGER, 'infrastructure.yml', 'pull_request', {
      payload: { pull_request: { number: 5, head: { repo: { full_name: LEDGER } } } },
    });

    expect(code).toBe(0);
    const comment = await readFile(path.join(github.folder, 'records/comment'), 'utf8');
    expect(comment).toMatch(/^<!-- slipway: plans of environments -->\n## Plans of `environments`\n/);
    expect(comment).toContain(
      '### staging / security: plan\n\n**Plan: 1 to add, 0 to change, 0 to destroy.**',
    );
    expect(comment).toContain('  + resource "terraform_data" "this" {\n      + id');
    expect(comment).toContain('No changes: staging/application.');
    expect(await github.records('gh')).toContainEqual(expect.stringContaining('--method POST'));
  });

  it("takes the caller's own layers where it names them", async () => {
    const ledger = github.clone(LEDGER);
    const own = path.join(ledger, 'terraform/connectivity');
    await mkdir(own, { recursive: true });
    await copyFile(path.join(ROOT, 'test/act/layers/own.tf'), path.join(own, 'main.tf'));
    // A real provider, as the lock file of a real layer has it.
    await copyFile(
      path.join(ROOT, 'iac/security/.terraform.lock.hcl'),
      path.join(own, '.terraform.lock.hcl'),
    );
    await editDefinitions(ledger, (text) =>
      text.replace('plan: ${{ inputs.plan }}\n', 'plan: ${{ inputs.plan }}\n      layers-path: terraform\n'),
    );
    await commitAll(ledger);

    const { code } = await dispatch('infrastructure.yml', {
      environment: 'staging',
      layer: 'connectivity',
      command: 'apply',
    });

    expect(code).toBe(0);
    expect(await world.parameter('/ledger/staging')).toBe('one');
    expect(await github.records('npm')).toEqual([]);
  });

  it('deliver.yml, by hand: gives the build its arguments, stage and secrets', async () => {
    const given = [
      'with:',
      '      environment: staging',
      '      wait: false',
      '      target: runtime',
      '      build-args: |',
      '        FEATURES=all',
      '        REGISTRY=internal',
      "    secrets: { build-secrets: 'token=not-to-be-seen' }",
    ].join('\n');
    const ledger = github.clone(LEDGER);
    await editDefinitions(ledger, (text) => text.replace('with: { environment: staging }', given));
    const next = await commitAll(ledger);

    const { code } = await dispatch('deliver.yml', {});

    expect(code).toBe(0);
    const [build = ''] = (await github.records('docker')).filter((call) => call.includes('"build"'));
    const args = JSON.parse(build) as string[];
    expect(args[args.indexOf('--build-arg') + 1]?.trimEnd()).toBe(
      `GIT_SHA=${next}\nFEATURES=all\nREGISTRY=internal`,
    );
    expect(args[args.indexOf('--target') + 1]).toBe('runtime');
    expect(args[args.indexOf('--secret') + 1]).toBe('token');
    expect(Object.keys(await world.images('ledger-staging'))).toContain(next);
  });

  it('runs nothing of a hostile input, and names the input', async () => {
    const { values, ran } = hostile(github.folder);

    const { code, output } = await dispatch('live.yml', { do: 'promote', commit: allHostile(values) });

    expect(output).toContain('commit has to be a full commit');
    expect(code).not.toBe(0);
    expect(ran()).toBe(false);
  });
});
