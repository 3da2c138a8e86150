import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Drill } from './drill.ts';
import { FIRST_PASSWORD, underLoad, type Stage } from './stage.ts';
import type { Guarantees } from './verdict.ts';

const run = promisify(execFile);

/** A fault of the database, with one service in front of it. */
function databaseFault(
  name: string,
  what: string,
  answers503: Guarantees['answers503'],
  fault: (stage: Stage) => Promise<void>,
): Drill {
  return {
    name: `database ${name}`,
    what,
    guarantees: { answers503 },
    async run(stage) {
      const service = await stage.start();
      return underLoad(service.url, () => fault(stage));
    },
  };
}

const stopped = databaseFault('stopped', 'shut down, and started again', 'must', async (stage) => {
  await stage.database.halt();
  await delay(stage.faultMs);
  await stage.database.resume();
});

const frozen = databaseFault(
  'frozen',
  'SIGSTOP to each of its processes, then SIGCONT',
  'must',
  async (stage) => {
    await signalAll(stage.database.directory, 'SIGSTOP');
    await delay(stage.faultMs);
    await signalAll(stage.database.directory, 'SIGCONT');
  },
);

const blackHoled = databaseFault(
  'black-holed',
  'the network swallows every byte and refuses nothing',
  'must',
  async (stage) => {
    stage.proxy.swallow(true);
    await delay(stage.faultMs);
    stage.proxy.swallow(false);
  },
);

const outOfConnections = databaseFault(
  'out of connections',
  'the server cuts every connection and has none left for the user',
  'must',
  async (stage) => {
    await stage.database.query('ALTER ROLE app CONNECTION LIMIT 0');
    await stage.terminateBackends();
    await delay(stage.faultMs);
    await stage.database.query('ALTER ROLE app CONNECTION LIMIT -1');
  },
);

const restarted = databaseFault('restarted', 'shut down and started at once', 'may', async ({ database }) => {
  await database.halt();
  await database.resume();
});

const slowed = databaseFault(
  'slow',
  'the network holds everything back for 200 ms, again and again',
  'never',
  async ({ faultMs, proxy }) => {
    const bound = performance.now() + faultMs;
    while (performance.now() < bound) {
      proxy.hold();
      await delay(200);
      proxy.release();
      await delay(20);
    }
  },
);
const slow: Drill = {
  ...slowed,
  async run(stage) {
    const seen = await slowed.run(stage);
    const wasFelt = seen.sent.some(({ tookMs }) => tookMs > 100);
    return { ...seen, broken: wasFelt ? [] : ['the fault was not felt'] };
  },
};

const passwordChanged: Drill = {
  name: 'database password changed',
  what: 'rotated in the database, every connection cut; then the file that DB_PASSWORD_FILE names follows',
  guarantees: { answers503: 'must' },
  async run(stage) {
    const file = path.join(stage.folder, 'password');
    await writeFile(file, FIRST_PASSWORD);
    const service = await stage.start({ DB_PASSWORD: '', DB_PASSWORD_FILE: file });
    const seen = await underLoad(service.url, async () => {
      await stage.database.query(`ALTER ROLE app PASSWORD '${SECOND_PASSWORD}'`);
      await stage.terminateBackends();
      await delay(stage.faultMs);
      await writeFile(file, SECOND_PASSWORD);
    });
    await stage.database.query(`ALTER ROLE app PASSWORD '${FIRST_PASSWORD}'`);
    return seen;
  },
};

export const SECOND_PASSWORD = 'the second password of the drill';
export const DATABASE = [stopped, frozen, blackHoled, slow, outOfConnections, restarted, passwordChanged];

/** Sends a signal to a server and to each of its backends. */
async function signalAll(directory: string, signal: NodeJS.Signals): Promise<void> {
  const [server = ''] = (await readFile(path.join(directory, 'postmaster.pid'), 'utf8')).split('\n');
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const backends = [...stdout.matchAll(/^ *(\d+) +(\d+)$/gm)].filter(([, , parent]) => parent === server);
  for (const pid of [server, ...backends.map(([, child]) => child)]) {
    process.kill(Number(pid), signal);
  }
}
