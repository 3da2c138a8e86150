import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { answerFaults } from '@slipway/test-helpers/http/answer-faults';
import { exchange } from '@slipway/test-helpers/http/exchange';
import { hostileRequest, type HostileRequest } from '@slipway/test-helpers/http/hostile-requests';
import { readAnswers } from '@slipway/test-helpers/http/read-answers';
import { leftOpen } from './descriptors.ts';
import type { Drill } from './drill.ts';
import { underLoad } from './stage.ts';

const AT_ONCE = 50;
/** Who reads nothing is cut off once two looks in a row, 7 s apart here, saw nothing move; buffers may grow first. */
const CLOSING_BOUND_MS = 30_000;

const hostile: Drill = {
  name: 'hostile requests',
  what: 'malformed and malicious bytes over raw sockets, some of them reset at once',
  async run(stage) {
    const count = stage.quick ? 1000 : 10_000;
    const service = await stage.start();
    const port = Number(new URL(service.url).port);
    const before = await service.descriptors();
    const broken = new Set<string>();
    const statuses = new Map<number, number>();
    const requests = fc.sample(hostileRequest, { seed: 1, numRuns: count }).values();
    const attack = async () => {
      for (const request of requests) {
        for (const fault of await attackWith(request, port, statuses)) {
          broken.add(`${fault}: ${JSON.stringify(request.bytes.toString('latin1').slice(0, 80))}`);
        }
      }
    };
    const seen = await underLoad(service.url, async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, attack));
    });
    const left = await leftOpen(service, before, CLOSING_BOUND_MS);
    if (left > 0) {
      broken.add(`${left} descriptors were left open`);
    }
    const counts = [...statuses].toSorted(([one], [other]) => one - other);
    return {
      ...seen,
      broken: [...broken],
      note: `${count} requests; answers: ${counts.map(([status, times]) => `${status} × ${times}`).join(', ')}`,
    };
  },
};

/** Sends a hostile request, counts its answers by status, and says what was wrong with them. */
async function attackWith(
  request: HostileRequest,
  port: number,
  statuses: Map<number, number>,
): Promise<string[]> {
  try {
    const answers = readAnswers(await exchange(port, request));
    for (const { status } of answers) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    return answerFaults(request, answers);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** A request has to arrive within 10 s; a quick run is made where other things run as well. */
const SLOW_BOUND_MS = { whole: 15_000, quick: 30_000 };
const SLOW_CLIENTS = 40;

const slow: Drill = {
  name: 'slow clients',
  what: `${SLOW_CLIENTS} each that send headers or a body byte by byte, or do not read their answer`,
  async run(stage) {
    const service = await stage.start();
    const port = Number(new URL(service.url).port);
    const before = await service.descriptors();
    const bound = stage.quick ? SLOW_BOUND_MS.quick : SLOW_BOUND_MS.whole;
    const slowSenders = [
      'GET / HTTP/1.1\r\nA: ',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n',
    ].flatMap((start) => Array.from({ length: SLOW_CLIENTS }, () => sendSlowly(port, start, bound)));
    const readers = Array.from({ length: SLOW_CLIENTS }, () => neverRead(port));
    const broken: string[] = [];
    const seen = await underLoad(service.url, async () => {
      const outcomes = await Promise.all(slowSenders);
      if (outcomes.includes('left open')) {
        broken.push('a client that sends slowly was not cut off');
      }
    });
    const left = await leftOpen(service, before, CLOSING_BOUND_MS);
    if (left > 0) {
      broken.push(`clients that do not read were not cut off: ${left} descriptors were left open`);
    }
    for (const reader of readers) {
      reader.destroy();
    }
    return { ...seen, broken };
  },
};

/** Sends one more byte twice a second, until the service has enough. */
async function sendSlowly(port: number, start: string, boundMs: number): Promise<'cut off' | 'left open'> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
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
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
  return socket;
}

const idle: Drill = {
  name: 'idle connections',
  what: 'a thousand clients that have asked once and keep their connection',
  async run(stage) {
    const count = stage.quick ? 300 : 1000;
    const service = await stage.start();
    const port = Number(new URL(service.url).port);
    const before = (await service.descriptors()) ?? 0;
    const broken: string[] = [];
    let note = '';
    const seen = await underLoad(service.url, async () => {
      const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
      await Promise.all(
        sockets.map(async (socket) => {
          socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
          await once(socket, 'readable');
        }),
      );
      await delay(stage.faultMs);
      const held = (await service.descriptors()) ?? 0;
      note = `${count} connections, ${held} descriptors`;
      for (const socket of sockets) {
        socket.destroy();
      }
    });
    const left = (await service.descriptors()) ?? 0;
    if (left > before + count / 2) {
      broken.push(`${left - before} descriptors are left`);
    }
    return { ...seen, broken, note };
  },
};

export const HOSTILE = [hostile, slow, idle];
