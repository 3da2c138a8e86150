import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ACCOUNT, REGION, rest } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, startEmulator, type Emulator } from '@slipway/test-helpers/emulator/emulator';
import { GitHub, moveEnvironments } from './support/act.ts';
import { commitAll, SLIPWAY } from './support/clone.ts';
import { allHostile, hostile } from './support/hostile.ts';
import { World } from '@slipway/test-helpers/emulator/world';

const BUCKET = 'slipway-development-state-111111111111';

// One story: each test goes on where the one before it ended.
describeEmulator('the infrastructure, from the plan to the destruction', () => {
  let emulator: Emulator;
  let world: World;
  let github: GitHub;

  const run = (inputs: Record<string, string>, environment: Record<string, string> = {}) =>
    github.run(SLIPWAY, 'infrastructure.yml', 'workflow_dispatch', {
      inputs: { environment: 'development', ...inputs },
      environment,
    });
  const applied = (layer: string) => world.applied('slipway-development', 'development', layer);
  const night = () => github.run(SLIPWAY, 'drift.yml', 'schedule');
  const issue = () => readFile(path.join(github.folder, 'records/issue'), 'utf8');
  /** Gives a layer of development another setting. */
  const set = async (layer: string, value: string) => {
    const file = path.join(github.clone(SLIPWAY), `iac/environments/development/${layer}.auto.tfvars`);
    await writeFile(file, `value = "${value}"\n`);
    await commitAll(github.clone(SLIPWAY));
  };

  beforeAll(async () => {
    emulator = await startEmulator();
    world = new World(emulator.url);
    await world.build(['slipway-development']);
    github = await GitHub.create(emulator.url);
    const environments = path.join(github.clone(SLIPWAY), 'iac/environments');
    await moveEnvironments(environments, ACCOUNT, REGION);
    await commitAll(github.clone(SLIPWAY));
  });

  beforeEach(() => github.forget());

  afterAll(async () => {
    world.stop();
    await emulator.stop();
    await github.remove();
  });

  it('plans and changes nothing', async () => {
    const { code, output } = await run({ layer: 'connectivity', command: 'plan' });

    expect(code).toBe(0);
    expect(output).toContain('**Plan: 1 to add, 0 to change, 0 to destroy.**');
    expect(output).not.toContain('Apply complete');
    expect(await applied('connectivity')).toBeUndefined();
    const { text } = await rest(emulator.url, 's3', 'GET', `/${BUCKET}?prefix=plans/`);
    expect(text).toMatch(/<Key>plans\/development\/connectivity\/[\w-]+\.tfplan<\/Key>/);
  });

  it('applies every layer in order, the redeployer built', async () => {
    const { code, output } = await run({ layer: 'all', command: 'apply' });

    expect(output.match(/::error::.*|❌.*/g)).toBeNull();
    expect(code).toBe(0);
    const order = [...output.matchAll(/applied `plans\/development\/(\w+)\//g)].map(([, layer]) => layer);
    expect([...new Set(order)]).toEqual(['connectivity', 'security', 'databases', 'application']);
    expect(await applied('application')).toMatch(/^one [0-9a-f]{64}$/);
    expect(await github.records('npm')).toContain('run build -w redeployer');
  });

  it('finds no changes afterwards, and asks for no approval', async () => {
    const { code, output } = await run({ layer: 'security', command: 'apply' });

    expect(code).toBe(0);
    expect(output).toContain('**No changes.');
    expect(output).not.toMatch(/applied `plans/);
  });

  it('where nobody would review it, plans only and is red; a second run that names the plan applies it', async () => {
    await set('security', 'reviewed');
    const inputs = { layer: 'security', command: 'apply' };

    const first = await run(inputs, { STAND_IN_NO_REVIEWERS: '1' });

    expect(first.code).not.toBe(0);
    expect(first.output).toContain('the GitHub environment development has no required reviewers');
    expect(await applied('security')).toBe('one');

    const plan = /the layer security and the plan ([\w.-]+:[0-9a-f]{64})/.exec(first.output)?.[1] ?? '';
    const second = await run({ ...inputs, plan }, { STAND_IN_NO_REVIEWERS: '1' });
    expect(second.code).toBe(0);
    expect(await applied('security')).toBe('reviewed');
    await set('security', 'one');
    expect((await run(inputs)).code).toBe(0);
  });

  it('reads settings as Terraform does', async () => {
    const common = path.join(github.clone(SLIPWAY), 'iac/environments/development/common.auto.tfvars');
    const text = await readFile(common, 'utf8');
    await writeFile(
      common,
      `/* the name of\n   domain = { name = "other" } */\ndomain = {\n  name    = "api.example.com"\n  zone_id = "Z0123456789"\n}\n${text}`,
    );
    await commitAll(github.clone(SLIPWAY));

    const { code, output } = await run({ layer: 'security', command: 'plan' });

    expect(output).toContain('Working as');
    expect(code).toBe(0);
    await writeFile(common, text);
    await commitAll(github.clone(SLIPWAY));
  });

  it('refuses a plan that was changed in the bucket', async () => {
    await set('security', 'two');
    const key = `s3://${BUCKET}/$(aws s3 ls --recursive s3://${BUCKET}/plans/ | sort | tail -n 1 | grep -o 'plans/.*')`;

    const { code, output } = await run(
      { layer: 'security', command: 'apply' },
      { STAND_IN_MEANWHILE: `echo x >x && aws s3 cp x "${key}"` },
    );

    expect(code).not.toBe(0);
    expect(output).toMatch(/Refused: the plan \S+ is not the one that was reviewed/);
    expect(await applied('security')).toBe('one');
  });

  it('refuses a plan whose state has moved on', async () => {
    const apply = '-var-file=common.auto.tfvars -var value=three -auto-approve';
    const meanwhile = [
      'cd "$GITHUB_WORKSPACE/caller/iac/environments/development"',
      'layer="$STAND_IN_CLONES/slipway-dev/slipway/iac/security"',
      'terraform -chdir="$layer" init -reconfigure -backend-config="$PWD/backend.hcl" -backend-config=key=development/security.tfstate >/dev/null',
      `terraform -chdir="$layer" apply ${apply.replaceAll('-var-file=', '-var-file="$PWD"/')}`,
    ].join('\n');

    const { code, output } = await run(
      { layer: 'security', command: 'apply' },
      { STAND_IN_MEANWHILE: meanwhile },
    );

    expect(output).toContain(
      'Refused: the state of development/security has changed since this plan was made',
    );
    expect(code).not.toBe(0);
    expect(await applied('security')).toBe('three');
  });

  it('drift.yml, every night: opens an issue when a layer differs from its code', async () => {
    // Development alone: a night plans them all.
    await rm(path.join(github.clone(SLIPWAY), 'iac/environments/production'), { recursive: true });
    await set('security', 'two');

    const { code } = await night();

    expect(code).not.toBe(0);
    expect(await issue()).toContain('| development | security | differs from its code |');
    expect(await issue()).not.toContain('databases');
    expect((await github.records('gh')).join('\n')).toContain('issue create');
  });

  it('plan-changes.yml, pull_request: shows the plans in a comment', async () => {
    const { code } = await github.run(SLIPWAY, 'plan-changes.yml', 'pull_request', {
      payload: { pull_request: { number: 5, head: { repo: { full_name: SLIPWAY } } } },
    });

    expect(code).toBe(0);
    expect(await github.records('comment')).toContain('### development / security: plan');
  });

  it('drift.yml, every night: keeps that issue up to date, also with what cannot be planned', async () => {
    await writeFile(path.join(github.folder, 'records/issue'), 'as it was\n');
    await set('security', 'three');
    await writeFile(path.join(github.clone(SLIPWAY), 'iac/databases/main.tf'), 'not terraform\n');
    await commitAll(github.clone(SLIPWAY));

    const { code } = await night();

    expect(code).not.toBe(0);
    expect(await issue()).toContain('| development | databases | could not be planned |');
    expect(await issue()).not.toContain('security');
    expect((await github.records('gh')).join('\n')).not.toContain('issue create');
  });

  it('drift.yml, every night: closes the issue when nothing differs', async () => {
    await writeFile(path.join(github.folder, 'records/issue'), 'as it was\n');
    const iac = path.join(github.clone(SLIPWAY), 'iac');
    await copyFile(path.join(iac, 'security/main.tf'), path.join(iac, 'databases/main.tf'));
    await commitAll(github.clone(SLIPWAY));

    const { code } = await night();

    expect(code).toBe(0);
    expect((await github.records('gh')).join('\n')).toContain('issue close 7');
  });

  it('destroys every layer, the last one first', async () => {
    const { code, output } = await run({ layer: 'all', command: 'destroy' });

    expect(code).toBe(0);
    const order = [...output.matchAll(/applied `plans\/development\/(\w+)\//g)].map(([, layer]) => layer);
    expect([...new Set(order)]).toEqual(['application', 'databases', 'security', 'connectivity']);
    expect(await applied('connectivity')).toBeUndefined();
  });

  it('runs nothing of a hostile input, and names the input', async () => {
    const { values, ran } = hostile(github.folder);
    const value = allHostile(values);

    for (const [inputs, message] of [
      [{ layer: value, command: 'plan' }, 'layer has to be'],
      [{ layer: 'security', command: value }, 'command has to be'],
      [{ environment: value, layer: 'security', command: 'plan' }, 'environment has to be'],
    ] as const) {
      const { code, output } = await run(inputs);
      expect(output).toContain(message);
      expect(code).not.toBe(0);
    }
    expect(ran()).toBe(false);
  });
});
