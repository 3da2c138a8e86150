import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import path from 'node:path';
import { ACCOUNT, REGION } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, startEmulator, type Emulator } from '@slipway/test-helpers/emulator/emulator';
import { GitHub, moveEnvironments } from './support/act.ts';
import { commitAll, git, SLIPWAY } from './support/clone.ts';
import { allHostile, hostile } from './support/hostile.ts';
import { World } from '@slipway/test-helpers/emulator/world';

const DEVELOPMENT = 'slipway-development';
const PRODUCTION = 'slipway-production';

// One story: each test goes on where the one before it ended.
describeEmulator('an image, from the push to the service that runs it', () => {
  let emulator: Emulator;
  let world: World;
  let github: GitHub;
  let first: string;
  let second: string;

  const dispatch = (workflow: string, inputs: Record<string, string>) =>
    github.run(SLIPWAY, workflow, 'workflow_dispatch', { inputs });
  const digestOf = async (system: string, commit: string) => (await world.images(system))[commit] ?? 'none';
  const builds = async () =>
    (await github.records('docker')).filter((call) => call.startsWith('["buildx","build"'));

  beforeAll(async () => {
    emulator = await startEmulator();
    world = new World(emulator.url);
    await world.build([DEVELOPMENT, PRODUCTION]);
    github = await GitHub.create(emulator.url);
    await moveEnvironments(path.join(github.clone(SLIPWAY), 'iac/environments'), ACCOUNT, REGION);
    first = await commitAll(github.clone(SLIPWAY));
  });

  beforeEach(() => github.forget());

  afterAll(async () => {
    world.stop();
    await emulator.stop();
    await github.remove();
  });

  it('application.yml, push: builds the first image, and is green when development runs it', async () => {
    const { code, output } = await github.run(SLIPWAY, 'application.yml', 'push');

    expect(output).toContain('completed: The service runs the image');
    expect(code).toBe(0);
    expect(await world.runs(DEVELOPMENT)).toContain(`@${await digestOf(DEVELOPMENT, first)}`);
    const [build = ''] = await builds();
    for (const option of ['compression=zstd', 'mode=max', `GIT_SHA=${first}`, `image.revision=${first}`]) {
      expect(build).toContain(option);
    }
  });

  it('test-workflows.yml, by hand: the same commit again, a release, a promotion and a plan', async () => {
    const before = await digestOf(DEVELOPMENT, first);

    const { code, output } = await dispatch('test-workflows.yml', {});

    expect(output).toContain(`The image of ${first} is there already; nothing is built.`);
    expect(output).toContain(`The image of ${first} is there already.\n`);
    expect(code).toBe(0);
    expect(await builds()).toEqual([]);
    expect(await digestOf(DEVELOPMENT, first)).toBe(before);
  });

  it('application.yml, push: is red, with the reason, when ECS rolls back', async () => {
    second = await commitAll(github.clone(SLIPWAY));
    const reason = 'ECS deployment circuit breaker: tasks failed to start.';
    world.doomed.set(DEVELOPMENT, reason);

    const { code, output } = await github.run(SLIPWAY, 'application.yml', 'push');

    expect(code).not.toBe(0);
    expect(output).toMatch(/rolled-back: ECS rolled the image back \(ROLLBACK_\w+\): .*circuit breaker/);
    expect(await world.runs(DEVELOPMENT)).toContain(`@${await digestOf(DEVELOPMENT, first)}`);
  });

  it('roll-back.yml, by hand: releases a commit, newer or older', async () => {
    const forth = await dispatch('roll-back.yml', { environment: 'development', commit: second });
    expect(forth.output).toContain('completed: ');
    expect(await world.runs(DEVELOPMENT)).toContain(`@${await digestOf(DEVELOPMENT, second)}`);

    const back = await dispatch('roll-back.yml', { environment: 'development', commit: first });
    expect(back.code).toBe(0);
    expect(await world.runs(DEVELOPMENT)).toContain(`@${await digestOf(DEVELOPMENT, first)}`);
  });

  it('application.yml, push: runs nothing of a hostile branch, and says that another commit was released instead', async () => {
    const { values, ran } = hostile(github.folder);

    // The same commit again, while an older one was asked for after it.
    const { code, output } = await github.run(SLIPWAY, 'application.yml', 'push', {
      payload: { ref: `refs/heads/${allHostile(values)}` },
    });

    expect(ran()).toBe(false);
    expect(code).not.toBe(0);
    expect(output).toContain(`superseded: The commit ${first} was released after it`);
  });

  it('application.yml, push: an older run that is started again does not bring its commit back', async () => {
    const clone = github.clone(SLIPWAY);
    const older = await commitAll(clone);
    const newer = await commitAll(clone);
    expect((await github.run(SLIPWAY, 'application.yml', 'push')).code).toBe(0);
    const runs = await world.runs(DEVELOPMENT);
    await git(clone, 'reset', '--hard', '--quiet', older);

    const { code, output } = await github.run(SLIPWAY, 'application.yml', 'push');

    expect(code).not.toBe(0);
    expect(output).toContain(`superseded: The branch has passed this commit: ${newer}`);
    expect(await digestOf(DEVELOPMENT, older)).toBe('none');
    expect(await world.runs(DEVELOPMENT)).toBe(runs);
    await git(clone, 'reset', '--hard', '--quiet', newer);
  });

  it('roll-back.yml, by hand: refuses a commit whose image is gone, and names those that are there', async () => {
    const { code, output } = await dispatch('roll-back.yml', {
      environment: 'development',
      commit: 'f'.repeat(40),
    });

    expect(code).not.toBe(0);
    expect(output).toContain(`There is no image of ${'f'.repeat(40)} in ${DEVELOPMENT}`);
    expect(output).toContain(first);
  });

  it('promote.yml, by hand: copies the digest to production, once', async () => {
    const inputs = { commit: first, from: 'development', to: 'production' };
    const digest = await digestOf(DEVELOPMENT, first);

    const { code, output } = await dispatch('promote.yml', inputs);

    expect(output).toContain('completed: ');
    expect(code).toBe(0);
    expect(await digestOf(PRODUCTION, first)).toBe(digest);
    expect(await world.runs(PRODUCTION)).toContain(`@${digest}`);
    expect(await builds()).toEqual([]);
  });

  it('says what to look at when the role is not to be had', async () => {
    const { code, output } = await github.run(SLIPWAY, 'roll-back.yml', 'workflow_dispatch', {
      inputs: { environment: 'development', commit: first },
      environment: { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
    });

    expect(code).not.toBe(0);
    expect(output).toContain("Set 'permissions: { id-token: write }'");
  });

  it('runs nothing of a hostile input, and names the input', async () => {
    const { values, ran } = hostile(github.folder);
    const value = allHostile(values);

    for (const [workflow, inputs, message] of [
      ['roll-back.yml', { environment: 'development', commit: value }, 'commit has to be a full commit'],
      ['roll-back.yml', { environment: value, commit: first }, 'environment has to be the name'],
      ['promote.yml', { commit: value, from: 'development', to: 'production' }, 'commit has to be a full'],
    ] as const) {
      const { code, output } = await dispatch(workflow, inputs);
      expect(output).toContain(message);
      expect(output).not.toMatch(/^.*\| ::error::forged/m);
      expect(code).not.toBe(0);
    }
    expect(ran()).toBe(false);
  });
});
