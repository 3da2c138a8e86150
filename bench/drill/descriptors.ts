import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '../lib/server.ts';

/** The steady load's connections and the pool's. */
const IN_USE = 30;

/** Waits until a service has closed what was opened since; gives how many descriptors too many are left after all. */
export async function leftOpen(
  service: Server,
  before: number | undefined,
  boundMs: number,
): Promise<number> {
  const bound = performance.now() + boundMs;
  for (;;) {
    const left = ((await service.descriptors()) ?? 0) - (before ?? 0);
    if (left <= IN_USE || performance.now() > bound) {
      return Math.max(0, left - IN_USE);
    }
    await delay(200);
  }
}
