import type { Changes } from '../stage/registry.ts';
import type { Stage } from '../stage/stage.ts';
import { commitsThatRun, expectOutcome, expectRollout, picture, push, requestRelease } from './rollout.ts';
import type { Step } from './step.ts';

/** Commits that are told apart at a glance. */
const commitOf = (name: string) => name.toLowerCase().repeat(40);

/** The migration of B, which what came before it does not mind; what is released later has it too. */
const EXPANDING = { '9001_rehearsal.sql': 'CREATE TABLE rehearsal (commit text);' };
const FAILING = { '9002_rehearsal.sql': 'ALTER TABLE no_such_table ADD COLUMN other text;' };

/** A query that PostgreSQL refuses: a service like this starts, and is never ready. Its release command does not know it. */
const NEVER_READY = { from: "current_setting('server_version')", to: "current_setting('no_such_setting')" };
/** The handler of /version: a service like this is ready, and answers 500. */
const ERRING = { from: 'return this.answer;', to: "throw new Error('as the rehearsal wants it');" };

/** Fails unless a client meets this commit and no other. */
function expectToRun(stage: Stage, name: string): void {
  const { commit } = stage.image(name);
  const running = commitsThatRun(stage);
  if (running.length !== 1 || running[0] !== commit) {
    throw new Error(`${running.join(' and ') || 'nothing'} runs, not ${commit}`);
  }
}

/** Builds the image of a commit. @param changes what it has beside the migrations of those before */
export async function build(stage: Stage, name: string, changes: Changes = {}): Promise<void> {
  const migrations = name === 'A' ? {} : { ...EXPANDING, ...changes.migrations };
  stage.images.set(name, await stage.get('registry').build(commitOf(name), { ...changes, migrations }));
}

/** Fails unless the release command of a commit has run so often, and ended like this each time. */
export function expectCommands(stage: Stage, name: string, ...exitCodes: number[]): void {
  const codes = stage.get('scheduler').commandsOf(stage.image(name).commit);
  if (codes.join() !== exitCodes.join()) {
    throw new Error(
      `the release commands of ${name} ended with [${codes.join()}], not [${exitCodes.join()}]`,
    );
  }
}

export const releases: Step[] = [
  {
    title: 'push commit A: its release command makes the user of the service, which starts from zero tasks',
    async run(stage) {
      await build(stage, 'A');
      const since = await push(stage, 'A');
      await expectRollout(stage, stage.image('A'), since);
      await expectOutcome(stage, stage.image('A'), 'COMPLETED');
      expectToRun(stage, 'A');
      expectCommands(stage, 'A', 0);
      stage.get('load').start();
      return `${stage.get('scheduler').healthy.length} tasks`;
    },
  },
  {
    title: 'push commit B with a migration, under load: /version moves from A to B',
    async run(stage) {
      await build(stage, 'B');
      const pushedAt = performance.now();
      const since = await push(stage, 'B');
      await expectRollout(stage, stage.image('B'), since);
      const { completedAt } = stage.get('scheduler');
      stage.secondsFromPushToRollout = Math.round((completedAt - pushedAt) / 100) / 10;
      await expectOutcome(stage, stage.image('B'), 'COMPLETED');
      expectToRun(stage, 'B');
      expectCommands(stage, 'B', 0);
      const together = secondsTogether(stage, 'A', 'B');
      if (together === 0 && stage.environment.hasEdge) {
        throw new Error('A and B never answered in the same second');
      }
      const { sent } = stage.settle();
      return `${stage.secondsFromPushToRollout} s from push to rollout, A and B together for ${together} s, ${sent} requests, 0 failed`;
    },
  },
  {
    title: 'push commit F, whose migration fails: nothing is rolled out',
    async run(stage) {
      await build(stage, 'F', { migrations: FAILING });
      const image = stage.image('F');
      await stage.get('scheduler').settled();
      const before = await picture(stage);
      const verdict = await stage.pipeline.waitForRollout(stage, image, await push(stage, 'F'));
      if (verdict.outcome !== 'release-command-failed') {
        throw new Error(`wait-for-rollout says ${verdict.outcome}: ${verdict.reason}`);
      }
      const { phase, exitCode, logStream = '' } = await expectOutcome(stage, image, 'FAILED');
      if (phase !== 'release-command' || exitCode !== 1) {
        throw new Error(`published: phase ${phase}, exit code ${exitCode}`);
      }
      await expectLine(stage, logStream, Object.keys(FAILING)[0] ?? '');
      await triggerRedeployer(stage);
      expectCommands(stage, 'F', 1);
      if ((await picture(stage)) !== before) {
        throw new Error(`something was rolled out: ${before} became ${await picture(stage)}`);
      }
      const { sent } = stage.settle();
      return `${sent} requests, 0 failed; its log names the file`;
    },
  },
  {
    title: 'push commit C, which never becomes ready: the circuit breaker goes back to B',
    async run(stage) {
      await build(stage, 'C', { edit: NEVER_READY });
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
    title: 'push commit E, which is ready and answers 500: its alarm goes back to B',
    async run(stage) {
      await build(stage, 'E', { edit: ERRING });
      const image = stage.image('E');
      const pushedAt = performance.now();
      const verdict = await stage.pipeline.waitForRollout(stage, image, await push(stage, 'E'));
      if (verdict.outcome !== 'rolled-back') {
        throw new Error(`wait-for-rollout says ${verdict.outcome}: ${verdict.reason}`);
      }
      await expectOutcome(stage, image, 'FAILED');
      const { reason } = await expectOutcome(stage, image, 'ROLLED_BACK');
      if (!/; alarm \S+$/.test(reason)) {
        throw new Error(`published, without the name of an alarm: ${reason}`);
      }
      expectToRun(stage, 'B');
      stage.erring = await stage.cost(pushedAt);
      const { failed, sent } = stage.erring;
      return `its cost: ${failed} of ${sent} requests failed; published: ${reason}`;
    },
  },
  {
    title: 'roll back to A on request: its release command is not run again',
    async run(stage) {
      const image = stage.image('A');
      await expectRollout(stage, image, await requestRelease(stage, image));
      expectToRun(stage, 'A');
      expectCommands(stage, 'A', 0);
      const { sent } = stage.settle();
      return `${sent} requests, 0 failed`;
    },
  },
];

/** How many seconds had answers of both. */
function secondsTogether(stage: Stage, ...names: string[]): number {
  const commits = names.map((name) => stage.image(name).commit);
  return stage.timeline.data.answers.filter(({ counts }) => commits.every((commit) => counts[commit])).length;
}

/** Fails unless a stream of the service's log has a line with these words. */
async function expectLine(stage: Stage, stream: string, words: string): Promise<void> {
  const { name } = stage.get('outputs').service;
  const { containerDefinitions } = await stage.taskDefinition(`${name}-release-command`);
  const group = containerDefinitions[0]?.logConfiguration?.options?.['awslogs-group'] ?? '';
  const { events } = await stage.aws.call<{ events: { message: string }[] }>(
    'logs',
    'get-log-events',
    '--log-group-name',
    group,
    '--log-stream-name',
    stream,
  );
  if (!events.some(({ message }) => message.includes(words))) {
    throw new Error(`the log of the release command does not name ${words}`);
  }
}

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
