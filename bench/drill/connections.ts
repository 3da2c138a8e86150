import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '../lib/server.ts';

/** Opens a connection that may be reset at any time. */
export function dial(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {});
}

/** The steady load's connections and the pool's. */
const IN_USE = 30;
/** Who reads nothing is cut off once two looks in a row, 7 s apart here, saw nothing move; buffers may grow first. */
const CLOSING_BOUND_MS = 30_000;

/** Waits until a service has closed what was opened since; says how many descriptors too many are left after all. */
export async function leftOpen(service: Server, before: number): Promise<string[]> {
  const bound = performance.now() + CLOSING_BOUND_MS;
  for (;;) {
    const left = (await service.descriptors()) - before - IN_USE;
    if (left <= 0) {
      return [];
    }
    if (performance.now() > bound) {
      return [`${left} descriptors were left open`];
    }
    await delay(200);
  }
}
