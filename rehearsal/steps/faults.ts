import type { Stage } from '../stage/stage.ts';
import type { Step } from './step.ts';

/** Tells ECS how many tasks there shall be, as scaling does, and waits until there are. */
async function scale(stage: Stage, count: number): Promise<void> {
  const { name, cluster } = stage.get('outputs').service;
  const options = ['--cluster', cluster, '--service', name, '--desired-count', String(count)];
  await stage.aws.call('ecs', 'update-service', ...options);
  await allHealthy(stage, count);
}

/** Waits until all tasks are there and a client reaches them. */
async function allHealthy(stage: Stage, count: number): Promise<void> {
  const scheduler = stage.get('scheduler');
  await stage.until(`${count} healthy tasks`, 180, () => scheduler.serving.length === count);
}

export const takeBack: Step = {
  title: 'take back half of the tasks as Fargate Spot does: SIGTERM before the deregistration',
  async run(stage) {
    const scheduler = stage.get('scheduler');
    await scheduler.settled();
    const { desiredCount } = await stage.service();
    // The first task is on demand: a service of one has nothing on Spot.
    const count = Math.max(2, desiredCount);
    await scale(stage, count);
    const spot = scheduler.healthy.filter(({ settings }) => settings.capacityProvider === 'FARGATE_SPOT');
    const taken = spot.slice(0, Math.ceil(count / 2));
    if (taken.length === 0) {
      throw new Error('there is no task on Spot');
    }
    stage.timeline.tell('step', `Spot takes ${taken.length} of ${count} tasks back`);
    scheduler.reclaim(taken);
    await allHealthy(stage, count);
    await scheduler.settled();
    const bad = taken.filter(({ exitCode }) => exitCode !== 0);
    if (bad.length > 0) {
      throw new Error(`${bad.length} tasks did not end with exit code 0`);
    }
    const { sent } = stage.settle();
    await scale(stage, desiredCount);
    await scheduler.settled();
    return `${taken.length} of ${count} tasks, ${sent} requests, 0 failed`;
  },
};

export const killOne: Step = {
  title: 'kill one task with SIGKILL, which nothing can prepare for',
  async run(stage) {
    const scheduler = stage.get('scheduler');
    stage.settle();
    const { desiredCount } = await stage.service();
    const [victim] = scheduler.healthy;
    stage.timeline.tell('step', `SIGKILL to one of ${desiredCount} tasks`);
    const killedAt = performance.now();
    victim?.container.kill();
    await stage.until('the task is missed', 10, () => victim?.state === 'STOPPED');
    await allHealthy(stage, desiredCount);
    stage.killed = await stage.cost(killedAt);
    const { failed, sent, seconds } = stage.killed;
    return `its cost: ${failed} of ${sent} requests failed, ${seconds} s until all tasks were healthy again`;
  },
};
