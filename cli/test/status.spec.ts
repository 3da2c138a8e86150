import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { commit, FakeAws } from './fake-aws.ts';
import { against, slipway } from './slipway.ts';

describeNeeds(findTool('terraform', 'tofu'), findTool('jq'))('a service', () => {
  let aws: FakeAws;
  let folder: string;
  let env: Record<string, string>;

  beforeEach(async () => {
    aws = new FakeAws();
    env = against(await aws.start());
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-cli-'));
    await cp(path.join(ROOT, 'cli/test/repository'), folder, { recursive: true });
    aws.releases.push(
      { digit: 'a', at: '2026-11-01T10:00:00Z', status: 'SUCCESSFUL' },
      {
        digit: 'b',
        at: '2026-11-02T10:00:00Z',
        status: 'ROLLBACK_SUCCESSFUL',
        reason: 'tasks failed to start',
      },
      { digit: 'c', at: '2026-11-03T10:00:00Z', tags: { 'release-command': 'failed' } },
    );
    aws.standsOn = 1;
  });

  afterEach(async () => {
    aws.stop();
    await rm(folder, { recursive: true });
  });

  it('is told of with what runs, since when and why, and how each release ended', async () => {
    aws.releases.push({
      digit: 'a',
      at: '2026-11-04T10:00:00Z',
      status: 'SUCCESSFUL',
      tags: { restarts: 'release 1' },
    });
    aws.releases.push({
      digit: 'd',
      at: '2026-11-05T10:00:00Z',
      status: 'IN_PROGRESS',
      tags: { cause: 'requested' },
    });
    aws.standsOn = 5;

    const { code, stdout } = await slipway(folder, ['status', '--json'], env);

    expect(code).toBe(0);
    const [status] = JSON.parse(stdout);
    expect(status).toMatchObject({
      environment: 'staging',
      running: { commit: commit('a'), release: 4, why: 'restart', since: '2026-11-01T10:01:00.000Z' },
      tasks: { running: 2, desired: 2 },
    });
    expect(
      status.rollouts.map((one: Record<string, string>) => [one['release'], one['why'], one['outcome']]),
    ).toEqual([
      [5, 'requested', 'in-flight'],
      [4, 'restart', 'completed'],
      [3, 'pushed', 'release-command-failed'],
      [2, 'pushed', 'rolled-back'],
      [1, 'pushed', 'completed'],
    ]);
    const { stdout: page } = await slipway(folder, ['status'], env);
    expect(page).toContain(
      'staging  aaaaaaaaaaaa  since 2026-11-01 10:01 UTC  restart  template 3  2 of 2 tasks',
    );
    expect(page).toContain('in flight  dddddddddddd  since 2026-11-05 10:00 UTC');
  });

  it('is not taken from another account', async () => {
    const file = path.join(folder, 'environments/staging/common.auto.tfvars');
    await cp(path.join(ROOT, 'examples/consumer/environments/staging/common.auto.tfvars'), file);

    const { code, stderr } = await slipway(folder, ['status'], env);

    expect(code).toBe(1);
    expect(stderr).toBe(
      'error: These credentials are of account 111111111111, and staging belongs to 333333333333: sign in there, or set AWS_PROFILE.\n',
    );
  });

  it.each([
    ['SUCCESSFUL', 0, 'completed'],
    ['ROLLBACK_SUCCESSFUL', 1, 'rolled-back: tasks died'],
  ])('is watched to the end of its rollout: %s', async (end, code, said) => {
    const coming = { digit: 'd', at: '2026-11-05T10:00:00Z', status: 'IN_PROGRESS', reason: 'tasks died' };
    if (end === 'SUCCESSFUL') coming.reason = '';
    aws.releases.push(coming);
    aws.standsOn = 4;
    const watching = slipway(folder, ['status', 'staging', '--watch'], env);
    await aws.asked('DescribeServices', 3);
    coming.status = end;
    const answer = await watching;

    expect(answer.stdout).toMatch(/its rollout is under way: 2 of 2 tasks run/);
    expect(answer.stdout).toContain(said);
    expect(answer.code).toBe(code);
  });

  it('is released as by the workflow, whose exit code it ends with', async () => {
    aws.onEvent = () => {
      const at = new Date(Date.now() + 1000).toISOString();
      aws.releases.push({ digit: 'b', at, status: 'ROLLBACK_SUCCESSFUL', reason: 'tasks died' });
    };

    const answer = await slipway(folder, ['release', commit('b'), '--wait-seconds', '120'], env);

    expect(aws.events).toMatchObject([{ DetailType: 'Release Requested' }]);
    expect(JSON.parse(aws.events[0]?.Detail ?? '')).toEqual({
      service: 'ledger-staging',
      commit: commit('b'),
    });
    expect(answer.stderr).toContain('rolled-back: ECS rolled the image back (ROLLBACK_SUCCESSFUL): tasks died');
    expect(answer.code).toBe(1);
  });

  it('is restarted, and the new tasks are waited for', async () => {
    aws.onEvent = () => {
      aws.releases.push({
        digit: 'a',
        at: new Date().toISOString(),
        status: 'SUCCESSFUL',
        tags: { restarts: 'release 1' },
      });
      aws.standsOn = 4;
    };

    const answer = await slipway(folder, ['restart', '-e', 'staging'], env);

    expect(aws.events).toMatchObject([
      { DetailType: 'Restart Requested', Detail: '{"service":"ledger-staging"}' },
    ]);
    expect(answer.stdout).toMatch(/staging {2}aaaaaaaaaaaa {2}completed/);
    expect(answer.code).toBe(0);
  });

  it('is not restarted in a pause, and is said to be paused', async () => {
    aws.paused = true;

    const { code, stderr } = await slipway(folder, ['restart'], env);

    expect([code, aws.events]).toEqual([1, []]);
    expect(stderr).toContain('staging is paused: it begins with new tasks when the pause is over.');
    expect((await slipway(folder, ['status'], env)).stdout).toContain('2 of 2 tasks, paused');
  });

  it('has a kept plan carried out by the script of the workflow, whose end is its own', async () => {
    const plan = `night:${'0'.repeat(64)}`;

    const { code, stderr } = await slipway(folder, ['apply', 'security', '--plan', plan], env);

    expect(stderr).toContain('The plan plans/staging/security/night.tfplan could not be fetched.');
    expect(code).toBe(1);
  });

  it('is not asked for anything with the credentials of another account', async () => {
    aws.account = '222222222222';

    const { code, stderr } = await slipway(folder, ['release', commit('b')], env);

    expect(stderr).toContain(
      'These credentials are of account 222222222222, and staging belongs to 111111111111',
    );
    expect([code, aws.events]).toEqual([1, []]);
  });
});
