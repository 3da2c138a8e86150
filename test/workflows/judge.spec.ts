import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describeScripts } from './support/script.ts';
import { ROOT } from '@slipway/test-helpers/root';

const OURS = `sha256:${'a'.repeat(64)}`;
const THEIRS = `sha256:${'b'.repeat(64)}`;
const SINCE = 1_800_000_000;
const AFTER = '2027-01-15T08:00:01.250000+00:00';
const BEFORE = '2027-01-15T07:59:59+00:00';

const definition = (digest: string) => ({ containerDefinitions: [{ image: `registry/ledger@${digest}` }] });
const release = (digest: string, releasedAt: string, command?: string) => ({
  ...definition(digest),
  taskDefinitionArn: 'arn:…/ledger:7',
  family: 'ledger',
  tags: {
    'released-at': releasedAt,
    commit: digest === OURS ? 'ours' : 'theirs',
    'release-command': command,
  },
});
const rollout = (status: string, digest = OURS, createdAt: string | number = AFTER) => ({
  createdAt,
  status,
  statusReason: `because of\n${status}`,
  images: [{ image: `registry/ledger@${digest}`, imageDigest: digest }],
});
const service = (rolloutState: string) => ({
  deployments: [
    { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 1, desiredCount: 1 },
    { status: 'PRIMARY', rolloutState, runningCount: 1, desiredCount: 2, rolloutStateReason: 'state' },
  ],
  events: [{ message: 'task failed' }],
});
const idle = {
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 0, desiredCount: 0 }],
  events: [],
};
const paused = { ...idle, tags: [{ key: 'paused', value: 'true' }] };

interface Look {
  service: object;
  running: object;
  newest: object | null;
  rollouts: object[];
}

/** The verdict on one look: nothing was released, an older image runs, unless told otherwise. */
function judge(look: Partial<Look>): string {
  const input: Look = {
    service: service('COMPLETED'),
    running: definition(THEIRS),
    newest: null,
    rollouts: [],
    ...look,
  };
  const file = path.join(ROOT, '.github/actions/wait-for-rollout/judge.jq');
  const args = [
    '-L',
    path.dirname(path.dirname(file)),
    '--raw-output',
    '--argjson',
    'since',
    String(SINCE),
    '--arg',
    'digest',
    OURS,
    '--from-file',
    file,
  ];
  const { stdout, stderr } = spawnSync('jq', args, { input: JSON.stringify(input), encoding: 'utf8' });
  return stdout || stderr;
}

describeScripts('one look at a rollout', () => {
  it.each<[string, RegExp, Partial<Look>]>([
    ['the image runs', /^completed\t.*1 of 2 tasks/, { running: definition(OURS) }],
    [
      'the image is all there is, but no task runs it',
      /^waiting\t.*no task runs it: its desired count is 0\.\tRaise that/,
      { running: definition(OURS), service: idle },
    ],
    [
      'the image runs again, after an older rollout of it failed',
      /^completed/,
      { running: definition(OURS), rollouts: [rollout('ROLLBACK_SUCCESSFUL', OURS, BEFORE)] },
    ],
    [
      'it is being rolled out',
      /^waiting\t.*IN_PROGRESS/,
      { running: definition(OURS), service: service('IN_PROGRESS'), rollouts: [rollout('IN_PROGRESS')] },
    ],
    [
      'it is being rolled back',
      /^rolled-back\t.*ROLLBACK_IN_PROGRESS.*because of ROLLBACK_IN_PROGRESS.*task failed/,
      { rollouts: [rollout('ROLLBACK_IN_PROGRESS'), rollout('SUCCESSFUL', THEIRS)] },
    ],
    ['it was rolled back', /^rolled-back/, { rollouts: [rollout('ROLLBACK_SUCCESSFUL')] }],
    [
      'an alarm had it rolled back',
      /^rolled-back\t.*because of ROLLBACK_SUCCESSFUL; alarm ledger-errors Last events/,
      { rollouts: [{ ...rollout('ROLLBACK_SUCCESSFUL'), alarms: ['ledger-errors'] }] },
    ],
    ['times are numbers', /^rolled-back/, { rollouts: [rollout('ROLLBACK_FAILED', OURS, SINCE + 0.5)] }],
    [
      'there was nothing to roll back to',
      /^rolled-back\t.*FAILED.*state/,
      { running: definition(OURS), service: service('FAILED') },
    ],
    [
      'an older rollout of it failed',
      /^waiting/,
      { rollouts: [rollout('ROLLBACK_SUCCESSFUL', OURS, BEFORE)] },
    ],
    ['another image was rolled back', /^waiting/, { rollouts: [rollout('ROLLBACK_SUCCESSFUL', THEIRS)] }],
    [
      'another commit was released after it',
      /^superseded\t.*commit theirs/,
      { newest: release(THEIRS, AFTER) },
    ],
    [
      'another commit stopped its rollout',
      /^superseded/,
      { newest: release(THEIRS, AFTER), rollouts: [rollout('STOPPED')] },
    ],
    [
      'it failed before another commit was released',
      /^rolled-back/,
      { newest: release(THEIRS, AFTER), rollouts: [rollout('ROLLBACK_SUCCESSFUL')] },
    ],
    ['its rollout was stopped by hand', /^rolled-back\t.*stopped/, { rollouts: [rollout('STOPPED')] }],
    ['the release before it is the newest', /^waiting/, { newest: release(THEIRS, BEFORE) }],
    [
      'its release command failed',
      /^release-command-failed\t.*ledger-release-command/,
      { newest: release(OURS, AFTER, 'failed') },
    ],
    [
      'its release command failed before it was asked for again',
      /^waiting/,
      { newest: release(OURS, BEFORE, 'failed') },
    ],
    [
      'its release command failed with another template, and it runs',
      /^completed/,
      { running: definition(OURS), newest: release(OURS, AFTER, 'failed') },
    ],
    [
      'its release command succeeded',
      /^waiting\t.*nothing has begun/,
      { newest: release(OURS, AFTER, 'succeeded') },
    ],
    [
      'its release has not begun',
      /^waiting\t.*nothing has begun.*\t.*dead-letter queue/,
      { newest: release(OURS, AFTER) },
    ],
    [
      'the service is paused, and its release is registered',
      /^paused\t.*rolled out when the pause is over/,
      { service: paused, newest: release(OURS, AFTER) },
    ],
    [
      'the service is paused, and has the image',
      /^paused\t.*no task runs it/,
      { service: paused, running: definition(OURS) },
    ],
    ['the service is paused, and nothing is registered', /^waiting/, { service: paused }],
    [
      'the service is about to be paused, and rolls it out',
      /^waiting/,
      { service: paused, newest: release(OURS, AFTER), rollouts: [rollout('IN_PROGRESS')] },
    ],
    [
      'the service is paused, and another commit was released after it',
      /^superseded/,
      { service: paused, newest: release(THEIRS, AFTER) },
    ],
    [
      'the service is paused, and its release command failed before',
      /^release-command-failed/,
      { service: paused, newest: release(OURS, AFTER, 'failed') },
    ],
  ])('%s', (_, verdict, look) => {
    expect(judge(look)).toMatch(verdict);
  });
});
