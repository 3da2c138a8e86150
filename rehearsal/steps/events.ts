import type { Stage } from '../stage/stage.ts';
import { commitsThatRun, expectRollout, push } from './rollout.ts';
import { countRuns, triggerRedeployer } from './releases.ts';
import type { Step } from './step.ts';

/** An event as the emulator remembers it. */
interface SentEvent {
  event: { id: string; source: string; time: string; detail: Record<string, unknown> };
  deliveries: unknown[];
}

/** Which deployment the service is at, and which tasks it has. */
async function picture(stage: Stage): Promise<string> {
  const { deployments } = await stage.service();
  const tasks = stage.get('scheduler').current.map(({ id }) => id);
  return JSON.stringify([
    deployments.map(({ id, taskDefinition }) => [id, taskDefinition]),
    tasks.toSorted(),
  ]);
}

export const events: Step[] = [
  {
    title: 'send duplicates, old events, an untagged push and a tag that is no commit: nothing happens',
    async run(stage) {
      await stage.get('scheduler').settled();
      const before = await picture(stage);
      const runs = await countRuns(stage);
      const { events: sent } = await stage.emulator.control<{ events: SentEvent[] }>('events');
      const pushes = sent.filter(({ event }) => event.source === 'aws.ecr').map(({ event }) => event);
      for (const [index, event] of pushes.entries()) {
        // As it was: the queue knows it again. And as EventBridge sends a duplicate of its own, which the queue lets in.
        await stage.emulator.control('events', event);
        await stage.emulator.control('events', { ...event, id: `duplicate-${index}` });
      }
      const registry = stage.get('registry');
      const stray = await registry.build('e'.repeat(40));
      await registry.push(stray, undefined);
      await registry.push(stray, 'nightly');
      const expected = runs + pushes.length + 2;
      await stage.until('the redeployer saw them all', 120, async () => (await countRuns(stage)) >= expected);
      if ((await picture(stage)) !== before) {
        throw new Error(`something happened: ${before} became ${await picture(stage)}`);
      }
      const { sent: requests } = stage.settle();
      return `${pushes.length * 2 + 2} events, ${requests} requests, 0 failed`;
    },
  },
  {
    title: 'push commit D and lose the event: the schedule finds it',
    async run(stage) {
      await stage.emulator.control('ecr/lose-next', { count: 1 });
      stage.images.set('D', await stage.get('registry').build('d'.repeat(40)));
      const before = await picture(stage);
      const since = await push(stage, 'D');
      if ((await picture(stage)) !== before) {
        throw new Error('something happened although the event was lost');
      }
      stage.timeline.tell('step', 'its event was lost; the schedule fires');
      await triggerRedeployer(stage);
      await expectRollout(stage, stage.image('D'), since);
      const { sent } = stage.settle();
      return `${sent} requests, 0 failed`;
    },
  },
  {
    title: 'rotate the secret of the database: every task is replaced',
    async run(stage) {
      const scheduler = stage.get('scheduler');
      await scheduler.settled();
      const old = new Set(scheduler.current.map(({ id }) => id));
      const password = await stage.get('database').changePassword();
      stage.secrets.add(password);
      stage.timeline.tell('step', 'the secret of the database is rotated');
      const { secret_arn: secret } = stage.get('databaseOutputs');
      await stage.emulator.control('secrets/rotate', { secret, value: { password } });
      await stage.until('every task is new', 300, async () => {
        const { deployments } = await stage.service();
        const isDone = deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
        return isDone && scheduler.healthy.every(({ id }) => !old.has(id));
      });
      const [commit, ...others] = commitsThatRun(stage);
      if (commit !== stage.image('D').commit || others.length > 0) {
        throw new Error(`${[commit, ...others].join(' and ')} runs, not D`);
      }
      if (scheduler.healthy.some(({ settings }) => settings.environment['DB_PASSWORD'] !== password)) {
        throw new Error('a new task was given the old password');
      }
      const { sent } = stage.settle();
      return `${old.size} tasks replaced, ${sent} requests, 0 failed`;
    },
  },
];
