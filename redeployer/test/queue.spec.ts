import { describe, expect, test } from '@jest/globals';
import { handleBatch } from '../src/batch.ts';
import { digestOf } from './fake/ecr.ts';
import { pushed, releaseRequested, restartRequested, rolloutChanged, scheduled } from './fake/events.ts';
import { commitOf, SERVED, tagOf, World } from './fake/world.ts';

const first = commitOf(1);
const second = commitOf(2);

/** A world in which one commit was pushed, released and completed. */
async function running(isHealthy?: ConstructorParameters<typeof World>[0]): Promise<World> {
  const world = new World(isHealthy);
  world.fake.ecr.push(first, world.fake.now);
  world.send(pushed(first, world.fake.now));
  await world.drain();
  await endRollouts(world);
  return world;
}

async function endRollouts(world: World): Promise<void> {
  const { fake } = world;
  while (fake.ecs.inFlight()) {
    fake.now += 30_000;
    fake.ecs.advance();
    for (const detail of fake.ecs.events.splice(0)) world.send(rolloutChanged(detail, fake.now));
  }
  await world.drain();
}

function record(messageId: string, group: string, body: string) {
  return { messageId, body, attributes: { MessageGroupId: group } };
}

function push(world: World, commit: string): void {
  world.fake.now += 10_000;
  world.fake.ecr.push(commit, world.fake.now);
}

describe('a batch of the FIFO queue', () => {
  test('after a failure everything behind it in its group stays, in order, and nothing before it', async () => {
    const world = await running();
    world.send(scheduled(0));
    world.send('not JSON');
    world.send(pushed('latest', 0));
    world.send(scheduled(0));

    const response = await world.deliver(4);

    expect(world.queue.map(({ messageId }) => messageId)).toEqual(['m5', 'm6', 'm7']);
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'm5',
      'm6',
      'm7',
    ]);
    expect(world.log.filter(({ messageId }) => messageId === 'm6' || messageId === 'm7')).toEqual([]);
  });

  test('another group goes on', async () => {
    const world = await running();
    const tick = JSON.stringify(scheduled(0));

    const response = await handleBatch(world.dependencies(), [
      record('a1', 'a', 'not JSON'),
      record('b1', 'b', tick),
      record('a2', 'a', tick),
    ]);

    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'a1' }, { itemIdentifier: 'a2' }]);
  });

  test('one service that fails keeps neither the others from their turn nor the message from failing', async () => {
    const world = await running();
    push(world, second);
    const services = [{ ...SERVED, service: 'ghost' }, SERVED];
    const records = [record('a1', 'a', JSON.stringify(scheduled(0)))];

    const response = await handleBatch({ ...world.dependencies(), services }, records);

    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'a1' }]);
    expect(tagOf(world.fake.ecs.running(), 'commit')).toBe(second);
    const error = 'MissingTemplateError: There is no active task definition ghost-template: apply Terraform';
    expect(world.log).toContainEqual(expect.objectContaining({ service: 'ghost', error }));
  });

  test('an unreadable message makes no call and gives way to the others in the end', async () => {
    const world = await running();
    const calls = world.fake.calls.length;
    world.send('not JSON');
    world.send(scheduled(0));

    await world.deliver(1);
    expect(world.fake.calls).toHaveLength(calls);
    await world.drain();

    expect(world.deadLetters.map(({ body }) => body)).toEqual(['not JSON']);
    expect(world.log.at(-1)).toMatchObject({ message: 'decided', reason: 'the newest release runs' });
  });
});

describe('a release', () => {
  test('pins the digest, keeps why, and starts a service that never ran with its minimum', async () => {
    const world = await running();

    const { ecs } = world.fake;
    expect(ecs.desiredCount).toBe(2);
    expect(ecs.updates).toHaveLength(1);
    const revision = ecs.running();
    const uri = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/slipway@${digestOf(first)}`;
    expect(revision?.definition.containerDefinitions?.[0]?.image).toBe(uri);
    expect(tagOf(revision, 'commit')).toBe(first);
    expect(tagOf(revision, 'digest')).toBe(digestOf(first));
    expect(tagOf(revision, 'template')).toBe('slipway-template:1');
    expect(tagOf(revision, 'cause')).toBe('pushed');
  });

  test('leaves the number of tasks to autoscaling once the service ran', async () => {
    const world = await running();
    world.fake.ecs.scale(7);
    push(world, second);
    world.send(scheduled(0));

    await world.drain();

    expect(world.fake.ecs.desiredCount).toBe(7);
    expect(tagOf(world.fake.ecs.running(), 'commit')).toBe(second);
  });

  test.each(['error before', 'error after', 'death before', 'death after'] as const)(
    'with %s at any of its calls it is completed by the next messages, exactly once',
    async (kind) => {
      for (let after = 0; after < 12; after += 1) {
        const world = await running();
        push(world, second);
        world.send(pushed(second, world.fake.now));

        await world.deliver(1, { after, kind });
        world.send(scheduled(0));
        await world.drain();

        const { ecs } = world.fake;
        expect(tagOf(ecs.running(), 'commit')).toBe(second);
        expect(ecs.updates).toHaveLength(2);
      }
    },
  );

  test('that failed and was rolled back is not tried again by itself, but on request', async () => {
    const world = await running((revision) => tagOf(revision, 'commit') === first);
    push(world, second);
    world.send(pushed(second, world.fake.now));
    await world.drain();
    await endRollouts(world);
    world.send(scheduled(0));
    await world.drain();
    expect(world.fake.ecs.updates).toHaveLength(2);
    expect(tagOf(world.fake.ecs.running(), 'commit')).toBe(first);

    world.send(releaseRequested(second, world.fake.now));
    await world.drain();

    expect(world.fake.ecs.updates).toHaveLength(3);
    expect(tagOf(world.fake.ecs.running(), 'commit')).toBe(second);
  });

  test('is not made again of an older template that an answer of ECS still shows', async () => {
    const world = await running();
    const { fake } = world;
    fake.ecs.changeTemplate();
    world.send(scheduled(0));
    await world.drain();
    fake.ecs.advance();
    fake.stale = [{ operation: 'DescribeTaskDefinition', answers: 1, changesAgo: 4 }];
    world.send(scheduled(0));

    await world.drain();

    expect(fake.ecs.updates).toHaveLength(2);
    expect(world.log.at(-2)).toMatchObject({
      message: 'looks again',
      reason: expect.stringContaining('slipway-template:1 is said to be the newest'),
    });
  });

  test('comes back, however old it is, when Terraform made the service again', async () => {
    const world = await running();
    const { fake } = world;
    fake.now += 100 * 24 * 60 * 60_000;
    fake.ecs.make();
    world.send(scheduled(0));

    await world.drain();

    expect(tagOf(fake.ecs.running(), 'commit')).toBe(first);
    expect(fake.ecs.desiredCount).toBe(2);
  });

  test('that only keeps a request comes back once as what it was kept for', async () => {
    const world = await running();
    const { fake } = world;
    fake.now += 60_000;
    world.send(releaseRequested(first, fake.now));
    await world.drain();
    fake.now += 60_000;
    fake.ecs.make();
    world.send(scheduled(0));
    world.send(scheduled(0));

    await world.drain();

    expect(fake.ecs.updates).toHaveLength(2);
    expect(tagOf(fake.ecs.running(), 'commit')).toBe(first);
  });

  test('does not come back without its image, and says so', async () => {
    const world = await running();
    const { fake } = world;
    fake.ecs.make();
    fake.ecr.expire(first);
    world.send(scheduled(0));

    await world.drain();

    expect(fake.ecs.updates).toHaveLength(1);
    expect(world.log.at(-1)).toMatchObject({
      decision: 'nothing',
      reason: expect.stringContaining('is not in the registry; the next push starts the service'),
    });
  });

  test('of a commit that is gone says which commits there are', async () => {
    const world = await running();
    world.send(releaseRequested(second, world.fake.now));

    await world.drain();

    expect(world.deadLetters).toHaveLength(1);
    const line = world.log.find(({ message }) => message === 'the message stays in the queue');
    expect(line?.['error']).toBe(
      `CommitNotInRegistryError: The repository slipway has no image of commit ${second}. ` +
        `Commits there, newest first: ${first}`,
    );
  });
});

describe('a request for what runs', () => {
  test('is written down without a restart, and holds off what was pushed before it', async () => {
    const world = await running();
    push(world, second);
    world.fake.now += 5000;
    world.send(releaseRequested(first, world.fake.now));

    await world.drain();
    world.send(scheduled(0));
    await world.drain();

    const { ecs } = world.fake;
    expect(ecs.updates).toHaveLength(1);
    expect(tagOf(ecs.running(), 'commit')).toBe(first);
    expect(tagOf(ecs.find('slipway'), 'cause')).toBe('requested');
  });
});

describe('two runs at once', () => {
  test('lose no request that comes between the look and the registration of the other', async () => {
    const world = await running();
    push(world, second);
    world.fake.now += 5000;
    world.send(releaseRequested(first, world.fake.now));
    world.interrupt(() => world.drain());

    await world.invoke();
    world.send(scheduled(0));
    await world.drain();

    expect(tagOf(world.fake.ecs.running(), 'commit')).toBe(first);
    expect(world.fake.ecs.updates).toHaveLength(1);
  });
});

describe('a restart', () => {
  test('outlives a release that fails: what ECS goes back to is restarted too', async () => {
    const world = await running((revision) => tagOf(revision, 'commit') === first);
    push(world, second);
    world.send(pushed(second, world.fake.now));
    world.send(restartRequested(world.fake.now));
    const asked = world.fake.now;
    await world.drain();
    await endRollouts(world);
    // The rollout of the restart.
    await endRollouts(world);

    const { ecs } = world.fake;
    expect(tagOf(ecs.running(), 'commit')).toBe(first);
    expect(ecs.history.findLast(({ status }) => status === 'SUCCESSFUL')?.begun).toBeGreaterThan(asked);
  });

  test('begins after the second it was asked for in, so that it is good for another one of that second', async () => {
    const world = await running();
    const asked = world.fake.now;
    world.send(restartRequested(asked));
    world.send(restartRequested(asked));

    await world.drain();

    const [, restarted, ...more] = world.fake.ecs.updates;
    expect(restarted?.at).toBeGreaterThanOrEqual(asked + 1000);
    expect(more).toEqual([]);
  });

  test('works for a release that was deregistered', async () => {
    const world = await running();
    const { ecs } = world.fake;
    ecs.deregister(ecs.state.taskDefinition);
    world.send(restartRequested(world.fake.now));

    await world.drain();

    expect(ecs.updates).toHaveLength(2);
    expect(ecs.running()?.definition.status).toBe('ACTIVE');
    expect(tagOf(ecs.running(), 'commit')).toBe(first);
  });

  test('is one deployment, however often its message comes', async () => {
    const world = await running();
    const event = restartRequested(world.fake.now);
    world.send(event);
    world.send(event);

    await world.drain();

    const [release, restart, ...more] = world.fake.ecs.updates;
    const [released, restarted] = [release, restart].map((one) =>
      world.fake.ecs.find(one?.taskDefinition ?? ''),
    );
    expect(restarted?.definition.containerDefinitions).toEqual(released?.definition.containerDefinitions);
    expect(more).toEqual([]);
  });
});

describe('an outcome', () => {
  test('of a release that runs is COMPLETED', async () => {
    const world = await running();

    const outcome = { service: 'slipway', commit: first, digest: digestOf(first), outcome: 'COMPLETED' };
    const deployment = 'arn:aws:ecs:eu-central-1:111122223333:service-deployment/main/slipway/d2';
    expect(world.fake.published.map((text) => JSON.parse(text))).toEqual([
      { ...outcome, deployment, reason: 'ECS deployment completed.' },
    ]);
    expect(world.log).toContainEqual(expect.objectContaining({ message: 'rollout ended', ...outcome }));
  });

  test('of a failed release is FAILED and then ROLLED_BACK, both of its own commit', async () => {
    const world = await running((revision) => tagOf(revision, 'commit') === first);
    push(world, second);
    world.send(pushed(second, world.fake.now));
    await world.drain();
    await endRollouts(world);

    const [, failed, back, ...more] = world.fake.published.map((text) => JSON.parse(text));
    expect(failed).toMatchObject({ outcome: 'FAILED', commit: second, digest: digestOf(second) });
    expect(failed.reason).toContain('circuit breaker');
    expect(back).toMatchObject({ outcome: 'ROLLED_BACK', commit: second });
    expect(back.reason).toContain(`the service runs ${first} again`);
    expect(more).toEqual([]);
  });

  test('of a release that an alarm rolled back names the alarm', async () => {
    const world = await running((revision) => tagOf(revision, 'commit') === first);
    world.fake.ecs.triggered = 'slipway-errors';
    push(world, second);
    world.send(pushed(second, world.fake.now));
    await world.drain();
    await endRollouts(world);

    const [, failed, back] = world.fake.published.map((text) => JSON.parse(text));
    expect([failed.reason, back.reason]).toEqual([
      expect.stringMatching(/; alarm slipway-errors$/),
      expect.stringMatching(/; alarm slipway-errors$/),
    ]);
  });

  test.each([
    ['', []],
    [
      ', also where the list of deployments is behind',
      [{ operation: 'ListServiceDeployments', answers: 2, changesAgo: 1 } as const],
    ],
  ])('is not that of a deployment which a newer one ended%s', async (_, stale) => {
    const world = await running((revision) => tagOf(revision, 'commit') === first);
    const { fake } = world;
    fake.skew.events = 3000;
    push(world, second);
    world.send(pushed(second, fake.now));
    await world.drain();
    fake.now += 30_000;
    fake.ecs.advance();
    const failed = fake.ecs.events.findLast(({ eventName }) => eventName.endsWith('FAILED'));
    if (!failed) throw new Error('it did not fail');
    const late = rolloutChanged(failed, fake.at('events'));
    for (const [commit, after] of [
      [commitOf(3), 1000],
      [commitOf(4), 1900],
    ] as const) {
      fake.now += after;
      fake.ecr.push(commit, fake.now);
      world.send(scheduled(0));
      await world.drain();
    }
    fake.stale = [...stale];
    world.send(late);

    await world.drain();

    expect(JSON.parse(fake.published.at(-1) ?? '{}')).toMatchObject({ outcome: 'FAILED', commit: second });
  });

  test('is not told of an earlier deployment while the history still shows the one that ended in flight', async () => {
    const world = await running();
    const { fake } = world;
    push(world, second);
    world.send(pushed(second, fake.now));
    await world.drain();
    fake.now += 30_000;
    fake.ecs.advance();
    const [completed] = fake.ecs.events.splice(0).slice(-1);
    if (!completed) throw new Error('it did not end');
    world.send(rolloutChanged(completed, fake.now));
    // Four looks: the list comes in pages of two.
    fake.stale = [
      { operation: 'ListServiceDeployments', answers: 8, changesAgo: 1 },
      { operation: 'DescribeServiceDeployments', answers: 4, changesAgo: 1 },
    ];

    await world.drain();

    expect(JSON.parse(fake.published.at(-1) ?? '{}')).toMatchObject({ outcome: 'COMPLETED', commit: second });
  });

  test('of two rollbacks to one deployment names two service deployments', async () => {
    const world = await running((revision) => tagOf(revision, 'commit') === first);
    for (const commit of [second, commitOf(3)]) {
      push(world, commit);
      world.send(pushed(commit, world.fake.now));
      await world.drain();
      await endRollouts(world);
    }

    const told = world.fake.published.map((text) => JSON.parse(text));
    const back = told.filter(({ outcome }) => outcome === 'ROLLED_BACK');
    expect(back.map(({ commit }) => commit)).toEqual([second, commitOf(3)]);
    expect(new Set(back.map(({ deployment }) => deployment)).size).toBe(2);
  });

  test('of a service of the same name in another account is nobody’s', async () => {
    const world = await running();
    const told = world.fake.published.length;
    const detail = {
      eventName: 'SERVICE_DEPLOYMENT_COMPLETED',
      deploymentId: 'x',
      updatedAt: '',
      reason: '',
    };
    world.send(rolloutChanged(detail, world.fake.now, '999988887777'));

    await world.drain();

    expect(world.fake.published).toHaveLength(told);
    expect(world.log.at(-2)).toMatchObject({ message: 'ignored' });
  });

  test('of the placeholder is nobody’s: nothing is published', async () => {
    const world = new World();
    const detail = {
      eventName: 'SERVICE_DEPLOYMENT_COMPLETED',
      deploymentId: 'ecs-svc/1',
      updatedAt: '2026-03-01T12:00:01Z',
      reason: '',
    };
    world.send(rolloutChanged(detail, world.fake.now + 1000));

    await world.drain();

    expect(world.fake.published).toEqual([]);
    const reason = 'the deployment that ended was none of a release';
    expect(world.log).toContainEqual(expect.objectContaining({ message: 'ignored', reason }));
  });
});

test('a log line names message, service, commit, digest, decision and reason, and nothing secret', async () => {
  const world = await running();

  expect(world.log[0]).toEqual({
    time: expect.any(String),
    level: 'info',
    message: 'decided',
    messageId: 'm1',
    service: 'slipway',
    commit: first,
    digest: digestOf(first),
    decision: 'release',
    reason: 'a newer commit was pushed',
  });
  expect(JSON.stringify(world.fake.ecs.running())).toContain('hunter2');
  expect(JSON.stringify(world.log)).not.toContain('hunter2');
});
