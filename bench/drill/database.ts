import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Drill } from './drill.ts';
import { FIRST_PASSWORD, underLoad, type Stage } from './stage.ts';

const run = promisify(execFile);

/** A fault of the database that lasts a while, with one service in front of it. */
function databaseFault(
  name: string,
  what: string,
  begin: (stage: Stage) => Promise<void>,
  end: (stage: Stage) => Promise<void>,
): Drill {
  return {
    name: `database ${name}`,
    what,
    guarantees: { answers503: 'must' },
    async run(stage) {
      const service = await stage.start();
      return underLoad(service.url, async () => {
        await begin(stage);
        await delay(stage.faultMs);
        await end(stage);
      });
    },
  };
}

const stopped = databaseFault(
  'stopped',
  'shut down, and started again',
  ({ database }) => database.halt(),
  ({ database }) => database.resume(),
);

const frozen = databaseFault(
  'frozen',
  'SIGSTOP to each of its processes, then SIGCONT',
  ({ database }) => signalAll(database.directory, 'SIGSTOP'),
  ({ database }) => signalAll(database.directory, 'SIGCONT'),
);

const blackHoled = databaseFault(
  'black-holed',
  'the network swallows every byte and refuses nothing',
  async ({ proxy }) => proxy.swallow(true),
  async ({ proxy }) => proxy.swallow(false),
);

const outOfConnections = databaseFault(
  'out of connections',
  'the server cuts every connection and has none left for the user',
  async (stage) => {
    await stage.database.query('ALTER ROLE app CONNECTION LIMIT 0');
    await stage.terminateBackends();
  },
  async ({ database }) => {
    await database.query('ALTER ROLE app CONNECTION LIMIT -1');
  },
);

const restarted: Drill = {
  name: 'database restarted',
  what: 'shut down and started at once',
  guarantees: { answers503: 'may' },
  async run(stage) {
    const service = await stage.start();
    return underLoad(service.url, async () => {
      await stage.database.halt();
      await stage.database.resume();
    });
  },
};

const slow: Drill = {
  name: 'database slow',
  what: 'the network holds everything back for 200 ms, again and again',
  async run(stage) {
    const service = await stage.start();
    const seen = await underLoad(service.url, async () => {
      const bound = performance.now() + stage.faultMs;
      while (performance.now() < bound) {
        stage.proxy.hold();
        await delay(200);
        stage.proxy.release();
        await delay(20);
      }
    });
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
  const [first = ''] = (await readFile(path.join(directory, 'postmaster.pid'), 'utf8')).split('\n');
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const children = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent]) => parent === first)
    .map(([child]) => Number(child));
  for (const pid of [Number(first), ...children]) {
    process.kill(pid, signal);
  }
}
