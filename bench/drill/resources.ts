import { setTimeout as delay } from 'node:timers/promises';
import { load } from '../lib/load.ts';
import { median, number } from '../lib/numbers.ts';
import { dial, leftOpen } from './connections.ts';
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
    let held = 0;
    const seen = await underLoad(service.url, async () => {
      const sockets = Array.from({ length: 2 * LIMIT }, () => dial(service.port));
      await delay(stage.faultMs);
      held = await service.descriptors();
      sockets.forEach((socket) => socket.destroy());
    });
    if (held === 0) {
      return seen; // the system does not tell
    }
    const broken = held > LIMIT * 0.9 ? [] : [`only ${held} descriptors were in use`];
    return { ...seen, broken, note: `${held} of ${LIMIT} in use` };
  },
};

/** An hour at a hundred requests a second. */
const AN_HOUR = 360_000;
const MOST_BURSTS = 40;
/** How much more memory the last third of the bursts may need than the second. */
const GROWTH = 1.15;

const anHour: Drill = {
  name: "an hour's requests",
  what: `${AN_HOUR.toLocaleString('en-GB')} requests as fast as they are answered, memory and descriptors watched`,
  async run(stage) {
    const [wanted, burstSeconds] = stage.quick ? [AN_HOUR / 20, 1] : [AN_HOUR, 3];
    const service = await stage.start();
    const memory: number[] = [];
    let requests = 0;
    let failed = 0;
    await load(`${service.url}/connect`, 3);
    const before = await service.descriptors();
    while (requests < wanted && memory.length < MOST_BURSTS) {
      const route = memory.length % 3 === 2 ? '/connect' : '/';
      const burst = await load(service.url + route, burstSeconds);
      requests += burst.requestsPerSecond * burstSeconds;
      failed += burst.failed;
      service.clearLog();
      await delay(200);
      memory.push(await service.memory());
    }
    const broken = await leftOpen(service, before);
    const seen = await underLoad(service.url, () => Promise.resolve());
    const third = Math.floor(memory.length / 3);
    const growth = median(memory.slice(-third)) / median(memory.slice(third, 2 * third));
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

export const RESOURCES = [noDescriptors, anHour];
