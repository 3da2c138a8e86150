import { describe, expect, test } from '@jest/globals';
import { digestOf } from './fake/ecr.ts';
import {
  pushed,
  releaseRequested,
  restartRequested,
  rolloutChanged,
  scheduled,
  taskChanged,
} from './fake/events.ts';
import type { Behaviour } from './fake/tasks.ts';
import { commitOf, SERVED_WITH_COMMAND, tagOf, World } from './fake/world.ts';

const first = commitOf(1);
const second = commitOf(2);
const third = commitOf(3);
const HOUR = 60 * 60_000;
const commandTemplate = 'slipway-release-command-template';

/** A world in which the first commit runs; its release command has succeeded. */
async function running(behaviours: Record<string, Behaviour> = {}): Promise<World> {
  const world = new World(
    () => true,
    SERVED_WITH_COMMAND,
    (revision) => behaviours[tagOf(revision, 'commit')] ?? 'succeeds',
  );
  push(world, first);
  await world.drain();
  await endCommand(world);
  await endRollout(world);
  return world;
}

function push(world: World, commit: string): void {
  world.fake.now += 10_000;
  world.fake.ecr.push(commit, world.fake.now);
  world.send(pushed(commit, world.fake.now));
}

/** Lets the task in flight end, and what ECS tells of it be handled. */
async function endCommand(world: World): Promise<void> {
  const { fake } = world;
  for (let step = 0; step < 2; step += 1) {
    fake.now += 30_000;
    fake.tasks.advance();
  }
  for (const detail of fake.tasks.events.splice(0)) world.send(taskChanged(detail, fake.now));
  await world.drain();
}

async function endRollout(world: World): Promise<void> {
  const { fake } = world;
  fake.now += 30_000;
  fake.ecs.advance();
  for (const detail of fake.ecs.events.splice(0)) world.send(rolloutChanged(detail, fake.now));
  await world.drain();
}

async function trigger(world: World, event: unknown = scheduled(0)): Promise<void> {
  world.send(event);
  await world.drain();
}

function published(world: World): Record<string, unknown>[] {
  return world.fake.published.map((text) => JSON.parse(text));
}

describe('a release command', () => {
  test('runs once in the image of the release, and its rollout begins when it has succeeded', async () => {
    const world = await running();
    const { ecs, tasks } = world.fake;
    push(world, second);
    await world.drain();

    expect(tagOf(ecs.running(), 'commit')).toBe(first);
    const task = tasks.inFlight();
    const revision = ecs.find(task?.taskDefinition ?? '');
    expect(task).toMatchObject({ family: 'slipway-release-command', startedBy: 'release/2' });
    expect(revision?.definition.containerDefinitions?.[0]?.image).toMatch(`/slipway@${digestOf(second)}`);
    expect(tagOf(revision, 'commit')).toBe(second);

    await endCommand(world);

    expect(tagOf(ecs.running(), 'commit')).toBe(second);
    expect(tagOf(ecs.running(), 'release-command')).toBe('succeeded');
    expect(tasks.all).toHaveLength(2);
  });

  test('runs before a service that never ran is started', async () => {
    const world = new World(() => true, SERVED_WITH_COMMAND);
    push(world, first);
    await world.drain();
    expect(world.fake.ecs.desiredCount).toBe(0);

    await endCommand(world);

    expect(world.fake.ecs.desiredCount).toBe(2);
  });

  test.each([
    ['fails', { reason: 'Essential container in task exited', exitCode: 1 }],
    ['cannot start', { reason: 'CannotPullContainerError: not found' }],
  ] as const)('that %s is told, and keeps its release from being rolled out', async (behaviour, expected) => {
    const world = await running({ [second]: behaviour });
    const { ecs, tasks } = world.fake;
    push(world, second);
    await world.drain();
    await endCommand(world);
    // ECS has forgotten the task by then.
    world.fake.now += 2 * HOUR;
    await trigger(world);

    expect(published(world).slice(1)).toEqual([
      {
        service: 'slipway',
        commit: second,
        digest: digestOf(second),
        outcome: 'FAILED',
        phase: 'release-command',
        ...expected,
        logStream: 'release-command/api/00000000000000000000000000000002',
        task: 'arn:aws:ecs:eu-central-1:111122223333:task/main/00000000000000000000000000000002',
      },
    ]);
    expect(tagOf(ecs.find('slipway'), 'release-command')).toBe('failed');
    expect(tagOf(ecs.running(), 'commit')).toBe(first);
    expect(tasks.all).toHaveLength(2);
  });

  test('that failed is run again on request', async () => {
    const world = await running({ [second]: 'fails' });
    push(world, second);
    await world.drain();
    await endCommand(world);

    await trigger(world, releaseRequested(second, world.fake.now));

    expect(world.fake.tasks.inFlight()).toMatchObject({ startedBy: 'release/3' });
  });

  test('that takes too long is stopped and has failed, even if it then exits with 0', async () => {
    const world = await running({ [second]: 'hangs' });
    const { fake } = world;
    push(world, second);
    await world.drain();
    fake.now += 899_000;
    await trigger(world);
    expect(fake.tasks.inFlight()?.desiredStatus).toBe('RUNNING');
    fake.now += 2000;
    await trigger(world);
    expect(fake.tasks.inFlight()?.desiredStatus).toBe('STOPPED');
    expect(fake.calls.filter((call) => call === 'StopTask')).toHaveLength(1);

    await endCommand(world);

    const reason = 'The release command took longer than 900 seconds';
    expect(published(world).at(-1)).toMatchObject({ outcome: 'FAILED', exitCode: 0, reason });
    expect(tagOf(fake.ecs.running(), 'commit')).toBe(first);
  });

  test.each([
    ['is found by the schedule', 0, 2],
    ['and that ECS forgot: it is run again', 2 * HOUR, 3],
  ])('whose end nobody told %s', async (_, wait, count) => {
    const world = await running();
    const { fake } = world;
    push(world, second);
    await world.drain();
    fake.tasks.advance();
    fake.tasks.advance();
    fake.now += wait;

    await trigger(world);
    await endCommand(world);

    expect(tagOf(fake.ecs.running(), 'commit')).toBe(second);
    expect(fake.tasks.all).toHaveLength(count);
  });

  test('that has ended by its event, and not by what ECS answers, is looked at again', async () => {
    const world = await running();
    const { fake } = world;
    push(world, second);
    await world.drain();
    fake.stale = [{ operation: 'DescribeTasks', answers: 2, changesAgo: 1 }];

    await endCommand(world);

    expect(tagOf(fake.ecs.running(), 'commit')).toBe(second);
  });

  test('that was started, and that ECS does not show yet, is not started again', async () => {
    const world = await running();
    const { fake } = world;
    push(world, second);
    await world.deliver(1, { after: 8, kind: 'error after' });
    expect(fake.calls.at(-1)).toBe('RunTask');
    fake.stale = [{ operation: 'ListTasks', answers: 6, changesAgo: 1 }];

    await world.drain();

    expect(fake.tasks.all).toHaveLength(2);
    expect(fake.tasks.broken).toEqual([]);
  });

  test("is not started once another run has registered a newer release, and started that one's", async () => {
    const world = await running();
    const { tasks } = world.fake;
    push(world, second);
    // Between the registration of the release and that of its command.
    world.interrupt(async () => {
      push(world, third);
      await world.drain();
    }, 1);

    await world.invoke();

    expect(tasks.inFlight()).toMatchObject({ startedBy: 'release/3' });
    expect(tasks.all).toHaveLength(2);
    expect(tasks.broken).toEqual([]);
  });

  test.each(['error before', 'error after', 'death before', 'death after'] as const)(
    'with %s at any call is run once, and its release deployed once',
    async (kind) => {
      for (let after = 0; after < 40; after += 1) {
        const world = await running();
        const { fake } = world;
        push(world, second);
        await world.deliver(1, { after, kind });
        await trigger(world);
        fake.tasks.advance();
        fake.tasks.advance();
        for (const detail of fake.tasks.events.splice(0)) world.send(taskChanged(detail, fake.now));
        await world.deliver(2, { after, kind });
        await trigger(world);

        expect(tagOf(fake.ecs.running(), 'commit')).toBe(second);
        expect(fake.tasks.all).toHaveLength(2);
        expect(fake.ecs.updates).toHaveLength(2);
      }
    },
  );
});

describe('while a release command runs', () => {
  test('a newer push waits for its end, and then the newest alone goes on', async () => {
    const world = await running();
    const { ecs, tasks } = world.fake;
    push(world, second);
    await world.drain();
    push(world, third);
    await world.drain();
    expect(tasks.all).toHaveLength(2);
    await endCommand(world);
    expect(tasks.inFlight()).toMatchObject({ startedBy: 'release/3' });

    await endCommand(world);

    expect(ecs.updates.map(({ taskDefinition }) => tagOf(ecs.find(taskDefinition), 'commit'))).toEqual([
      first,
      third,
    ]);
    expect(tasks.broken).toEqual([]);
  });

  test('the failure of an overtaken one is told too', async () => {
    const world = await running({ [second]: 'fails' });
    push(world, second);
    await world.drain();
    push(world, third);
    await world.drain();

    await endCommand(world);
    await endCommand(world);

    expect(published(world).at(-1)).toMatchObject({
      outcome: 'FAILED',
      phase: 'release-command',
      commit: second,
    });
    expect(tagOf(world.fake.ecs.running(), 'commit')).toBe(third);
  });

  test('a request for its commit is kept, and has its end', async () => {
    const world = await running();
    const { ecs, tasks } = world.fake;
    push(world, second);
    await world.drain();
    await trigger(world, releaseRequested(second, world.fake.now));

    await endCommand(world);

    expect(ecs.updates).toHaveLength(2);
    expect(tasks.all).toHaveLength(2);
    expect(tagOf(ecs.find('slipway'), 'cause')).toBe('requested');
    expect(tagOf(ecs.find('slipway'), 'release-command')).toBe('succeeded');
  });

  test('another request for its commit shares its end', async () => {
    const world = await running();
    push(world, second);
    await world.drain();
    // A request that comes with a changed template cannot be kept on the release that waits.
    world.fake.ecs.changeTemplate();
    await trigger(world, releaseRequested(second, world.fake.now));

    await endCommand(world);

    expect(tagOf(world.fake.ecs.running(), 'cause')).toBe('requested');
    expect(world.fake.tasks.all).toHaveLength(2);
  });
});

describe('no release command is run', () => {
  test('for a rollback to a commit for which it succeeded', async () => {
    const world = await running();
    for (const commit of [second, third]) {
      push(world, commit);
      await world.drain();
      await endCommand(world);
      await endRollout(world);
    }

    await trigger(world, releaseRequested(first, world.fake.now));

    expect(tagOf(world.fake.ecs.running(), 'commit')).toBe(first);
    expect(world.fake.tasks.all).toHaveLength(3);
  });

  test('for a restart, nor for what comes after it', async () => {
    const world = await running();
    const { ecs, tasks } = world.fake;
    world.fake.now += 60_000;
    await trigger(world, restartRequested(world.fake.now));
    await endRollout(world);
    expect(ecs.updates).toHaveLength(2);

    ecs.changeTemplate();
    await trigger(world);

    expect(ecs.updates).toHaveLength(3);
    expect(tasks.all).toHaveLength(1);
  });

  test('for a changed template, unless it is its own', async () => {
    const world = await running();
    const { ecs, tasks } = world.fake;
    ecs.changeTemplate();
    await trigger(world);
    await endRollout(world);
    expect(ecs.updates).toHaveLength(2);
    expect(tasks.all).toHaveLength(1);

    ecs.changeTemplate(commandTemplate);
    await trigger(world);
    expect(tasks.inFlight()).toMatchObject({ startedBy: 'release/3' });
    await endCommand(world);

    expect(ecs.updates).toHaveLength(3);
    expect(tagOf(ecs.running(), 'command-template')).toBe(`${commandTemplate}:2`);
  });
});
