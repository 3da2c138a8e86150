import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { answerFaults } from '@slipway/test-helpers/http/answer-faults';
import { exchange } from '@slipway/test-helpers/http/exchange';
import { hostileRequest } from '@slipway/test-helpers/http/hostile-requests';
import { readAnswers } from '@slipway/test-helpers/http/read-answers';
import { dial, leftOpen } from './connections.ts';
import type { Drill } from './drill.ts';
import { underLoad } from './stage.ts';

const AT_ONCE = 50;

const hostile: Drill = {
  name: 'hostile requests',
  what: 'malformed and malicious bytes over raw sockets, some of them reset at once',
  async run(stage) {
    const count = stage.quick ? 1000 : 10_000;
    const service = await stage.start();
    const before = await service.descriptors();
    const broken = new Set<string>();
    const statuses = new Map<number, number>();
    const requests = fc.sample(hostileRequest, { seed: 1, numRuns: count }).values();
    const attack = async () => {
      for (const request of requests) {
        const bytes = JSON.stringify(request.bytes.toString('latin1').slice(0, 80));
        try {
          const answers = readAnswers(await exchange(service.port, request));
          answers.forEach(({ status }) => statuses.set(status, (statuses.get(status) ?? 0) + 1));
          answerFaults(request, answers).forEach((fault) => broken.add(`${fault}: ${bytes}`));
        } catch (error) {
          broken.add(`${(error as Error).message}: ${bytes}`);
        }
      }
    };
    const seen = await underLoad(service.url, async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, attack));
    });
    const counts = [...statuses].toSorted(([one], [other]) => one - other);
    return {
      ...seen,
      broken: [...broken, ...(await leftOpen(service, before))],
      note: `${count} requests; answers: ${counts.map(([status, times]) => `${status} × ${times}`).join(', ')}`,
    };
  },
};

const SLOW_CLIENTS = 40;

const slow: Drill = {
  name: 'slow clients',
  what: `${SLOW_CLIENTS} each that send headers or a body byte by byte, or do not read their answer`,
  async run(stage) {
    const service = await stage.start();
    const before = await service.descriptors();
    // A request has to arrive within 10 s; a quick run is made where other things run as well.
    const bound = stage.quick ? 30_000 : 15_000;
    const slowSenders = [
      'GET / HTTP/1.1\r\nA: ',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n',
    ].flatMap((start) => Array.from({ length: SLOW_CLIENTS }, () => sendSlowly(service.port, start, bound)));
    const readers = Array.from({ length: SLOW_CLIENTS }, () => neverRead(service.port));
    const broken: string[] = [];
    const seen = await underLoad(service.url, async () => {
      if ((await Promise.all(slowSenders)).includes('left open')) {
        broken.push('a client that sends slowly was not cut off');
      }
    });
    broken.push(...(await leftOpen(service, before)));
    readers.forEach((reader) => reader.destroy());
    return { ...seen, broken };
  },
};

/** Sends one more byte twice a second, until the service has enough. */
async function sendSlowly(port: number, start: string, boundMs: number): Promise<'cut off' | 'left open'> {
  const socket = dial(port).resume();
  socket.write(start);
  const timer = setInterval(() => socket.write('a'), 500);
  try {
    await once(socket, 'close', { signal: AbortSignal.timeout(boundMs) });
    return 'cut off';
  } catch {
    socket.destroy();
    return 'left open';
  } finally {
    clearInterval(timer);
  }
}

/** Asks for more than the buffers between here and the service hold, and reads none of it. */
function neverRead(port: number): Socket {
  const socket = dial(port).pause();
  socket.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
  return socket;
}

const idle: Drill = {
  name: 'idle connections',
  what: 'a thousand clients that have asked once and keep their connection',
  async run(stage) {
    const count = stage.quick ? 300 : 1000;
    const service = await stage.start();
    const before = await service.descriptors();
    let held = 0;
    const seen = await underLoad(service.url, async () => {
      const sockets = Array.from({ length: count }, () => dial(service.port));
      await Promise.all(
        sockets.map(async (socket) => {
          socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
          await once(socket, 'readable');
        }),
      );
      await delay(stage.faultMs);
      held = await service.descriptors();
      sockets.forEach((socket) => socket.destroy());
    });
    const broken = await leftOpen(service, before);
    return { ...seen, broken, note: `${count} connections, ${held} descriptors` };
  },
};

export const HOSTILE = [hostile, slow, idle];
