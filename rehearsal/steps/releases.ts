import type { Stage } from '../stage/stage.ts';
import { commitsThatRun, expectOutcome, expectRollout, push, requestRelease } from './rollout.ts';
import type { Step } from './step.ts';

/** Commits that are told apart at a glance. */
const commitOf = (name: string) => name.toLowerCase().repeat(40);

/** PostgreSQL refuses such a connection: a service that is built like this starts, and is never ready. */
const NEVER_READY = { PGOPTIONS: '-c no_such_setting=1' };

/** Fails unless a client meets this commit and no other. */
function expectToRun(stage: Stage, name: string): void {
  const { commit } = stage.image(name);
  const running = commitsThatRun(stage);
  if (running.length !== 1 || running[0] !== commit) {
    throw new Error(`${running.join(' and ') || 'nothing'} runs, not ${commit}`);
  }
}

async function build(stage: Stage, name: string, environment?: Record<string, string>): Promise<void> {
  stage.images.set(name, await stage.get('registry').build(commitOf(name), environment));
}

export const releases: Step[] = [
  {
    title: 'push commit A: the first release starts the service, from zero tasks',
    async run(stage) {
      await build(stage, 'A');
      const since = await push(stage, 'A');
      await expectRollout(stage, stage.image('A'), since);
      await expectOutcome(stage, stage.image('A'), 'COMPLETED');
      expectToRun(stage, 'A');
      stage.get('load').start();
      return `${stage.get('scheduler').healthy.length} tasks`;
    },
  },
  {
    title: 'push commit B under load: /version moves from A to B',
    async run(stage) {
      await build(stage, 'B');
      const pushedAt = performance.now();
      const since = await push(stage, 'B');
      await expectRollout(stage, stage.image('B'), since);
      const { completedAt } = stage.get('scheduler');
      stage.secondsFromPushToRollout = Math.round((completedAt - pushedAt) / 100) / 10;
      await expectOutcome(stage, stage.image('B'), 'COMPLETED');
      expectToRun(stage, 'B');
      const { sent } = stage.settle();
      return `${stage.secondsFromPushToRollout} s from push to rollout, ${sent} requests, 0 failed`;
    },
  },
  {
    title: 'push commit C, which never becomes ready: the circuit breaker goes back to B',
    async run(stage) {
      await build(stage, 'C', NEVER_READY);
      const image = stage.image('C');
      const verdict = await stage.pipeline.waitForRollout(stage, image, await push(stage, 'C'));
      if (verdict.outcome !== 'rolled-back') {
        throw new Error(`wait-for-rollout says ${verdict.outcome}: ${verdict.reason}`);
      }
      await expectOutcome(stage, image, 'FAILED');
      const { reason } = await expectOutcome(stage, image, 'ROLLED_BACK');
      await expectNoMore(stage, image.commit);
      expectToRun(stage, 'B');
      const { sent } = stage.settle();
      return `${sent} requests, 0 failed; published: ${reason}`;
    },
  },
  {
    title: 'roll back to A on request',
    async run(stage) {
      const image = stage.image('A');
      await expectRollout(stage, image, await requestRelease(stage, image));
      expectToRun(stage, 'A');
      const { sent } = stage.settle();
      return `${sent} requests, 0 failed`;
    },
  },
];

/** What failed is not tried again, also when the redeployer is triggered once more. */
async function expectNoMore(stage: Stage, commit: string): Promise<void> {
  const scheduler = stage.get('scheduler');
  const started = scheduler.startedOf(commit);
  await triggerRedeployer(stage);
  const service = await stage.service();
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.rolloutState !== 'COMPLETED' || scheduler.startedOf(commit) !== started) {
    throw new Error(`${commit.slice(0, 7)} was tried again after it had failed`);
  }
}

/** Fires the schedule, and waits until the redeployer has looked. */
export async function triggerRedeployer(stage: Stage): Promise<void> {
  const { region, account } = stage.environment;
  const rule = `arn:aws:events:${region}:${account}:rule/${stage.get('scheduleRule')}`;
  const before = await countRuns(stage);
  await stage.emulator.control('schedules/fire', { rule });
  await stage.until('the redeployer looked', 60, async () => (await countRuns(stage)) > before);
}

/** How often the redeployer has run to its end. */
export async function countRuns(stage: Stage): Promise<number> {
  return (await redeployerLog(stage)).filter((line) => line.startsWith('END RequestId')).length;
}

/** The redeployer's log, a line an entry. */
async function redeployerLog(stage: Stage): Promise<string[]> {
  const group = `/aws/lambda/${stage.get('outputs').redeployer.function_name}`;
  const { events } = await stage.aws.call<{ events: { message: string }[] }>(
    'logs',
    'filter-log-events',
    '--log-group-name',
    group,
  );
  return events.map(({ message }) => message);
}
