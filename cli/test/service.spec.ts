import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ACCOUNT, REGION } from '@slipway/test-helpers/emulator/aws';
import { type Emulator, emulatorPython, startEmulator } from '@slipway/test-helpers/emulator/emulator';
import { eventually } from '@slipway/test-helpers/eventually';
import { World } from '@slipway/test-helpers/emulator/world';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { GITHUB, makeRepository } from '@slipway/test-helpers/cli/combinations';
import { slipway, start } from '@slipway/test-helpers/cli/slipway';

const SERVICE = 'ledger-staging';
const commit = (digit: string) => digit.repeat(40);
const tools = ['terraform', 'jq', 'aws'].map((one) => findTool(one));

// One story: each test goes on where the one before it ended. The redeployer is the one that is shipped.
describeNeeds(emulatorPython, ...tools)('a service', () => {
  let emulator: Emulator;
  let world: World;
  let folder: string;
  let env: Record<string, string>;

  const run = (...args: string[]) => slipway(folder, args, env);

  /** An image for the architecture of the environment, as a build pushes it. */
  async function push(digit: string): Promise<void> {
    const image = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${digit.repeat(64)}`,
      size: 1,
      platform: { os: 'linux', architecture: 'arm64' },
    };
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [image] });
    await world.ecr('PutImage', { repositoryName: SERVICE, imageTag: commit(digit), imageManifest });
  }

  /** Pushes once the command waits for what comes. */
  async function watched(digit: string) {
    const watching = start(folder, ['status', 'staging', '--watch'], env);
    await watching.said('waiting for the next rollout');
    await push(digit);
    return watching.ended;
  }

  beforeAll(async () => {
    emulator = await startEmulator();
    world = new World(emulator.url);
    await world.build([SERVICE]);
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-cli-'));
    await makeRepository(folder);
    env = {
      AWS_ENDPOINT_URL: emulator.url,
      // Alone, as whoever has version 2 of the AWS CLI may set it.
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
      POLL_SECONDS: '2',
    };
  });

  afterAll(async () => {
    world.stop();
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  it('is set up in the account and the region that the AWS CLI is signed in to, without a question', async () => {
    expect(await run('init', 'staging', '--yes', ...GITHUB)).toMatchObject({ code: 0 });

    const common = await readFile(path.join(folder, 'environments/staging/common.auto.tfvars'), 'utf8');
    expect(common).toMatch(new RegExp(`account_id +=  *"${ACCOUNT}"\nregion +=  *"${REGION}"`));
    expect((await run('status')).stdout).toBe('staging  nothing was released yet\n');
  });

  it('is watched to the end of its rollout, which is the exit code', async () => {
    const first = await watched('a');
    expect(first.stdout).toMatch(/staging {2}aaaaaaaaaaaa {2}completed\n$/);
    expect(first.code).toBe(0);

    world.doomed.set(SERVICE, 'tasks failed to start.');
    const second = await watched('b');
    expect(second.stdout).toMatch(/staging {2}bbbbbbbbbbbb {2}rolled-back: .*tasks failed to start\n$/);
    expect(second.code).toBe(1);
  });

  it('is released as by the workflow, whose exit code it ends with', async () => {
    await push('c');
    await eventually(async () =>
      expect(await world.runs(SERVICE)).toContain((await world.images(SERVICE))[commit('c')]),
    );

    const back = await run('release', commit('a'), '--wait-seconds', '120');
    expect(back.stdout).toContain('completed: ');
    expect(back.code).toBe(0);

    world.doomed.set(SERVICE, 'tasks failed to start.');
    const failed = await run('release', commit('b'), '--wait-seconds', '120');
    expect(failed.stderr).toContain('rolled-back: ECS rolled the image back');
    expect(failed.code).toBe(1);
  });

  it('is restarted, and the new tasks are waited for', async () => {
    const { code, stdout } = await run('restart', '-e', 'staging');

    expect(stdout).toMatch(/staging {2}aaaaaaaaaaaa {2}completed\n$/);
    expect(code).toBe(0);
  });

  it('is told of with what runs, since when and why, and how each release ended', async () => {
    await failReleaseCommand();

    const [status] = JSON.parse((await run('status', '--json')).stdout);

    expect(status).toMatchObject({
      environment: 'staging',
      running: { commit: commit('a'), why: 'restart', since: expect.stringMatching(/Z$/) },
      paused: false,
    });
    expect(
      status.rollouts.map((one: Record<string, string>) => [one['commit']?.[0], one['why'], one['outcome']]),
    ).toEqual([
      ['d', 'pushed', 'release-command-failed'],
      ['a', 'restart', 'completed'],
      ['b', 'requested', 'rolled-back'],
      ['a', 'requested', 'completed'],
      ['c', 'pushed', 'completed'],
      ['b', 'pushed', 'rolled-back'],
      ['a', 'pushed', 'completed'],
    ]);
  });

  it('is not restarted in a pause, and is said to be paused', async () => {
    const resourceArn = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/${SERVICE}/${SERVICE}`;
    await world.ecs('TagResource', { resourceArn, tags: [{ key: 'paused', value: 'by hand' }] });

    const { code, stderr } = await run('restart');

    expect(stderr).toBe('error: staging is paused: it begins with new tasks when the pause is over.\n');
    expect(code).toBe(1);
    expect((await run('status')).stdout).toMatch(
      /^staging {2}aaaaaaaaaaaa {2}since .* UTC {2}restart {2}template 1 {2}\d of 1 tasks, paused\n/,
    );
  });

  it('has a kept plan carried out by the script of the workflow, whose end is its own', async () => {
    const { code, stderr } = await run('apply', 'security', '--plan', `night:${'0'.repeat(64)}`);

    expect(stderr).toContain('The plan plans/staging/security/night.tfplan could not be fetched.');
    expect(code).toBe(1);
  });

  it('is neither shown nor asked for anything with the credentials of another account', async () => {
    const file = path.join(folder, 'environments/staging/common.auto.tfvars');
    await writeFile(file, (await readFile(file, 'utf8')).replace(ACCOUNT, '333333333333'));

    const answers = [await run('status'), await run('release', commit('b'))];

    expect(answers.map(({ code }) => code)).toEqual([1, 1]);
    for (const { stderr } of answers) {
      expect(stderr).toBe(
        `error: These credentials are of account ${ACCOUNT}, and staging belongs to 333333333333: sign in there, or set AWS_PROFILE.\n`,
      );
    }
  });

  /** Registers a release as the redeployer leaves one whose command failed: it was never rolled out. */
  async function failReleaseCommand(): Promise<void> {
    const { taskDefinition, tags } = await world.ecs<{
      taskDefinition: Record<string, unknown>;
      tags: { key: string; value: string }[];
    }>('DescribeTaskDefinition', { taskDefinition: SERVICE, include: ['TAGS'] });
    const { cpu, memory, networkMode, requiresCompatibilities, containerDefinitions } = taskDefinition;
    const own = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
    for (const name of ['restarts', 'restart-at', 'deployed']) delete own[name];
    Object.assign(own, { commit: commit('d'), cause: 'pushed', 'release-command': 'failed' });
    await world.ecs('RegisterTaskDefinition', {
      family: SERVICE,
      cpu,
      memory,
      networkMode,
      requiresCompatibilities,
      containerDefinitions,
      tags: Object.entries(own).map(([key, value]) => ({ key, value })),
    });
  }
});
