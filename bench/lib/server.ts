import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { interruption } from '@slipway/test-helpers/interruption';
import { ROOT } from '@slipway/test-helpers/root';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

interface Start {
  /** The program and its arguments. */
  command: [string, ...string[]];
  /** What its environment has besides the PATH. */
  variables: Record<string, string>;
  /** Where it answers 200 once it is ready. */
  readyAt: string;
  /** A folder for its log. */
  folder: string;
}

/** One server under measurement, as a process of its own. What it writes goes to a file, as a container's does. */
export class Server {
  /** Whether somebody meant it to end without notice. */
  wasKilled = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string,
    readonly url: string,
    /** Milliseconds from the start of its process until it first answered as ready. */
    readonly readyAfter: number,
  ) {}

  /** Starts a program and waits until it is ready. */
  static async start({ command: [program, ...args], variables, readyAt, folder }: Start): Promise<Server> {
    interruption.throwIfAborted();
    const log = path.join(folder, `${process.hrtime.bigint()}.log`);
    const file = openSync(log, 'a');
    const startedAt = performance.now();
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...variables },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    const kill = () => child.kill('SIGKILL');
    interruption.addEventListener('abort', kill);
    child.once('exit', () => interruption.removeEventListener('abort', kill));
    const bound = startedAt + START_TIMEOUT_MS;
    while (child.exitCode === null && child.signalCode === null && performance.now() < bound) {
      const url = addressIn(readFileSync(log, 'utf8'));
      if (url !== undefined && (await isReady(new URL(readyAt, url)))) {
        return new Server(child, log, url, performance.now() - startedAt);
      }
      await delay(2);
    }
    kill();
    throw new Error(`${child.spawnargs.join(' ')} did not start:\n${readFileSync(log, 'utf8')}`);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Resident memory in bytes. */
  async memory(): Promise<number> {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(this.pid)]);
    return Number(stdout) * 1024;
  }

  /** Microseconds of processor time that all its threads have used; not a number where the system is not Linux. */
  async cpuTime(): Promise<number> {
    const tasks = `/proc/${this.pid}/task`;
    const read = async (task: string) => readFile(`${tasks}/${task}/schedstat`, 'utf8');
    const times = await readdir(tasks)
      .then((names) => Promise.all(names.map(read)))
      .catch(() => [String(Number.NaN)]);
    return times.reduce((sum, text) => sum + Number.parseInt(text), 0) / 1000;
  }

  /** How many descriptors it holds open; 0 where the system is not Linux. */
  async descriptors(): Promise<number> {
    return (await readdir(`/proc/${this.pid}/fd`).catch(() => [])).length;
  }

  /** Everything that it has written. */
  get output(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Empties its log, which would otherwise fill the disk. */
  clearLog(): void {
    truncateSync(this.log);
  }

  kill(signal: NodeJS.Signals): void {
    this.wasKilled ||= signal === 'SIGKILL';
    this.child.kill(signal);
  }

  /** Waits for its end: the exit code, or null where a signal ended it. */
  async exit(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }

  /** Ends it, by force if it takes longer than it may. */
  async stop(): Promise<number | null> {
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    return this.exit().finally(() => clearTimeout(timer));
  }
}

/** Where a peer, or the service in its log, says that it listens. */
function addressIn(log: string): string | undefined {
  const port = /^listening on (\d+)$|"url":"http:\/\/localhost:(\d+)"/m.exec(log);
  return port === null ? undefined : `http://127.0.0.1:${port[1] ?? port[2]}`;
}

async function isReady(url: URL): Promise<boolean> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}
