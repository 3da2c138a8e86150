import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { load } from '../lib/load.ts';
import { number } from '../lib/markdown.ts';
import { median } from '../lib/statistics.ts';
import type { Drill } from './drill.ts';
import { underLoad } from './stage.ts';

/** Enough to start: the module loader opens many files at once. */
const LIMIT = 600;

const noDescriptors: Drill = {
  name: 'file descriptors run out',
  what: `a limit of ${LIMIT}, and twice as many connections; then they close`,
  // Whoever comes while there is none left is turned away by the system.
  guarantees: { mayFail: true, answers503: 'may' },
  async run(stage) {
    const limited: [string, ...string[]] = ['sh', '-c', `ulimit -n ${LIMIT} && exec "$0" "$@"`];
    const service = await stage.start({}, [...limited, process.execPath, 'dist/main.js']);
    const port = Number(new URL(service.url).port);
    let held: number | undefined;
    const seen = await underLoad(service.url, async () => {
      const sockets = Array.from({ length: 2 * LIMIT }, () => connect(port, '127.0.0.1'));
      for (const socket of sockets) {
        socket.on('error', () => {});
      }
      await delay(stage.faultMs);
      held = await service.descriptors();
      for (const socket of sockets) {
        socket.destroy();
      }
    });
    const wasFelt = held === undefined || held > LIMIT * 0.9;
    return {
      ...seen,
      broken: wasFelt ? [] : [`only ${held} descriptors were in use`],
      note: held === undefined ? '' : `${held} of ${LIMIT} in use`,
    };
  },
};

/** An hour at a hundred requests a second. */
const AN_HOUR = 360_000;
const BURST_S = 3;
const MOST_BURSTS = 40;
/** How much more memory the last third of the bursts may need than the second. */
const GROWTH = 1.15;

const anHour: Drill = {
  name: "an hour's requests",
  what: `${AN_HOUR.toLocaleString('en-GB')} requests as fast as they are answered, memory and descriptors watched`,
  async run(stage) {
    const wanted = stage.quick ? AN_HOUR / 20 : AN_HOUR;
    const service = await stage.start();
    const memory: number[] = [];
    const broken: string[] = [];
    let requests = 0;
    let failed = 0;
    await load(`${service.url}/connect`, 50, BURST_S);
    const before = await service.descriptors();
    while (requests < wanted && memory.length < MOST_BURSTS) {
      const route = memory.length % 3 === 2 ? '/connect' : '/';
      const burst = await load(`${service.url}${route}`, 50, stage.quick ? 1 : BURST_S);
      requests += burst.requestsPerSecond * (stage.quick ? 1 : BURST_S);
      failed += burst.failed;
      service.clearLog();
      await delay(200);
      memory.push(await service.memory());
    }
    const seen = await underLoad(service.url, async () => {
      const after = await service.descriptors();
      if (before !== undefined && after !== undefined && after > before + LOAD_CONNECTIONS) {
        broken.push(`${after - before} more descriptors are open than before`);
      }
    });
    const third = Math.floor(memory.length / 3);
    const growth = third === 0 ? 1 : median(memory.slice(-third)) / median(memory.slice(third, 2 * third));
    // In a quick run the heap has not settled yet.
    if (!stage.quick && growth > GROWTH) {
      broken.push(`memory grew by ${number((growth - 1) * 100)} % from the second third to the last`);
    }
    if (failed > 0) {
      broken.push(`${failed} requests of the bursts failed`);
    }
    const mb = memory.map((value) => Math.round(value / 1_000_000));
    return {
      ...seen,
      broken,
      note: `${number(Math.round(requests))} requests; MB: ${mb[0]} at first, ${Math.max(...mb)} at most, ${mb.at(-1)} at last`,
    };
  },
};

/** More than the steady load keeps. */
const LOAD_CONNECTIONS = 20;

export const RESOURCES = [noDescriptors, anHour];
