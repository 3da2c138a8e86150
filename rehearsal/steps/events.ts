import type { Stage } from '../stage/stage.ts';
import { expectRollout, picture, push } from './rollout.ts';
import { build, countRuns, expectCommands, triggerRedeployer } from './releases.ts';
import type { Step } from './step.ts';

/** An event as the emulator remembers it. */
interface SentEvent {
  event: { id: string; source: string; time: string; detail: Record<string, unknown> };
  deliveries: unknown[];
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
      const stray = await registry.build('9'.repeat(40));
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
    title: 'rotate the secret of the master user: no task is replaced, and the next release command has it',
    async run(stage) {
      await stage.get('scheduler').settled();
      const before = await picture(stage);
      const password = await stage.get('database').changePassword();
      stage.secrets.add(password);
      stage.timeline.tell('step', 'the secret of the master user is rotated');
      const { secret_arn: secret } = stage.get('databaseOutputs');
      await stage.emulator.control('secrets/rotate', { secret, value: { password } });
      // Whatever came of the event has happened once the redeployer has looked again.
      await triggerRedeployer(stage);
      if ((await picture(stage)) !== before) {
        throw new Error(`something happened: ${before} became ${await picture(stage)}`);
      }
      await expectTokens(stage);
      const { sent } = stage.settle();
      return `${stage.get('scheduler').current.length} tasks, ${sent} requests, 0 failed`;
    },
  },
  {
    title: 'push commit D, and lose its event and that of its release command: the schedule finds both',
    async run(stage) {
      await lose(stage, 'ECR Image Action');
      await build(stage, 'D');
      const { commit } = stage.image('D');
      const before = await picture(stage);
      const since = await push(stage, 'D');
      if ((await picture(stage)) !== before) {
        throw new Error('something happened although the event was lost');
      }
      stage.timeline.tell('step', 'its event was lost; the schedule fires');
      // That it is being started, that it runs, and that it has ended.
      await lose(stage, 'ECS Task State Change', 3);
      await triggerRedeployer(stage);
      await stage.until(
        'its release command ends',
        120,
        () => stage.get('scheduler').commandsOf(commit).length > 0,
      );
      if ((await picture(stage)) !== before) {
        throw new Error('something was rolled out although the event was lost');
      }
      stage.timeline.tell('step', 'the event of its end was lost; the schedule fires');
      await triggerRedeployer(stage);
      await expectRollout(stage, stage.image('D'), since);
      expectCommands(stage, 'D', 0);
      const { sent } = stage.settle();
      return `${sent} requests, 0 failed`;
    },
  },
];

/** Fails unless every task signs in as the service's user, with a token and nothing else. */
async function expectTokens(stage: Stage): Promise<void> {
  const database = stage.get('database');
  const tasks = stage.get('scheduler').current;
  if (tasks.some(({ settings }) => 'DB_PASSWORD' in settings.container.environment)) {
    throw new Error('a task has a password');
  }
  const users = await database.query<{ usename: string }>(
    () => `SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'slipway'`,
  );
  if (users.map(({ usename }) => usename).join() !== 'slipway_service') {
    throw new Error(`signed in are ${users.map(({ usename }) => usename).join(', ') || 'none'}`);
  }
  if (database.refusals.length > 0) {
    throw new Error(`tokens were refused: ${database.refusals.join('; ')}`);
  }
}

/** Loses the next events of a type. */
async function lose(stage: Stage, type: string, count = 1): Promise<void> {
  await stage.emulator.control('events/lose-next', { 'detail-type': type, count });
}
