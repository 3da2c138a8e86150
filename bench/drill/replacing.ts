import { setTimeout as delay } from 'node:timers/promises';
import { Balancer } from '../../rehearsal/balancer/balancer.mjs';
import type { Server } from '../lib/server.ts';
import type { Drill, Seen } from './drill.ts';
import { underLoad, type Stage } from './stage.ts';

/** Faster than on AWS, so that a drill does not take minutes; the proportions are the same. */
const HEALTH_CHECK = {
  path: '/health/ready',
  intervalMs: 300,
  timeoutMs: 1000,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};
/** Longer than the balancer takes to see that a target is no longer ready. */
const SHUTDOWN = { SHUTDOWN_DELAY_MS: '3000' };

/** Two tasks behind a balancer, under load. */
async function behindBalancer(
  stage: Stage,
  fault: (balancer: Balancer, tasks: [Server, Server], broken: string[]) => Promise<void>,
): Promise<Seen> {
  const balancer = await new Balancer({ healthCheck: HEALTH_CHECK, deregistrationDelayMs: 3000 }).listen();
  try {
    const tasks: [Server, Server] = [await stage.start(SHUTDOWN), await stage.start(SHUTDOWN)];
    await Promise.all(tasks.map((task, index) => join(balancer, `old ${index}`, task)));
    const broken: string[] = [];
    return { ...(await underLoad(balancer.url, () => fault(balancer, tasks, broken))), broken };
  } finally {
    await balancer.close();
  }
}

async function join(balancer: Balancer, id: string, task: Server): Promise<void> {
  balancer.register(id, task.port);
  await balancer.reached(id, 'healthy');
}

async function leave(task: Server, broken: string[]): Promise<void> {
  task.kill('SIGTERM');
  const code = await task.exit();
  if (code !== 0) {
    broken.push(`a task ended with code ${code}`);
  }
}

const rollingUpdate: Drill = {
  name: 'rolling update',
  what: 'two tasks replaced behind a balancer, one after the other',
  run: (stage) =>
    behindBalancer(stage, async (balancer, tasks, broken) => {
      for (const [index, task] of tasks.entries()) {
        await join(balancer, `new ${index}`, await stage.start(SHUTDOWN));
        await balancer.deregister(`old ${index}`);
        await leave(task, broken);
      }
    }),
};

const stillSending: Drill = {
  name: 'SIGTERM, still in traffic',
  what: 'one of two tasks told to stop while the balancer goes on sending to it',
  run: (stage) =>
    behindBalancer(stage, async (balancer, [task], broken) => {
      await leave(task, broken);
      await balancer.deregister('old 0');
    }),
};

const killed: Drill = {
  name: 'SIGKILL',
  what: 'one of two tasks killed; what it costs is what was sent to it until the balancer saw',
  guarantees: { mayFail: true },
  run: (stage) =>
    behindBalancer(stage, async (_balancer, [task]) => {
      task.kill('SIGKILL');
      await delay(0);
    }),
};

export const REPLACING = [rollingUpdate, stillSending, killed];
