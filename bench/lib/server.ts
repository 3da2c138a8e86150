import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ROOT } from '@slipway/test-helpers/root';
import { interruption } from '@slipway/test-helpers/interruption';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

/** One server under measurement, as a process of its own. What it writes goes to a file, as a container's does. */
export class Server {
  private isKilled = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly log: string,
    readonly url: string,
    /** Milliseconds from the start of its process until it first answered as ready. */
    readonly readyAfter: number,
  ) {}

  /** Starts a program and waits for its first answer 200 at this route. */
  static async start(options: {
    /** The program, its arguments, and what its environment has besides the PATH. */
    command: [string, ...string[]];
    variables: Record<string, string>;
    /** Where to look whether it is ready. */
    readyAt: string;
    /** A folder for its log. */
    folder: string;
  }): Promise<Server> {
    interruption.throwIfAborted();
    const log = path.join(options.folder, `${process.hrtime.bigint()}.log`);
    const file = openSync(log, 'a');
    const [program, ...args] = options.command;
    const { PATH } = process.env;
    const startedAt = performance.now();
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { PATH, NODE_ENV: 'production', ...options.variables },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    const kill = () => child.kill('SIGKILL');
    interruption.addEventListener('abort', kill);
    child.once('exit', () => interruption.removeEventListener('abort', kill));
    const bound = AbortSignal.timeout(START_TIMEOUT_MS);
    try {
      const url = await firstOf(child, log, bound, () => addressIn(readFileSync(log, 'utf8')));
      await firstOf(child, log, bound, () => isReady(new URL(options.readyAt, url)));
      return new Server(child, log, url, performance.now() - startedAt);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Resident memory in bytes. */
  async memory(): Promise<number> {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(this.child.pid)]);
    return Number(stdout) * 1024;
  }

  /** Processor time that all its threads have used, in microseconds, where the system tells: on Linux. */
  async cpuTime(): Promise<number | undefined> {
    const tasks = `/proc/${this.pid}/task`;
    try {
      const times = await Promise.all(
        (await readdir(tasks)).map(async (task) => readFile(`${tasks}/${task}/schedstat`, 'utf8')),
      );
      return times.reduce((sum, text) => sum + Number.parseInt(text), 0) / 1000;
    } catch {
      return undefined;
    }
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Everything that it has written. */
  get output(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** How many descriptors it holds open, where the system tells: on Linux. */
  async descriptors(): Promise<number | undefined> {
    return readdir(`/proc/${this.pid}/fd`).then(
      ({ length }) => length,
      () => undefined,
    );
  }

  /** Empties its log, which would otherwise fill the disk. */
  clearLog(): void {
    truncateSync(this.log);
  }

  /** Whether somebody meant it to end without notice. */
  get wasKilled(): boolean {
    return this.child.signalCode === 'SIGKILL' && this.isKilled;
  }

  kill(signal: NodeJS.Signals): void {
    this.isKilled ||= signal === 'SIGKILL';
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
    try {
      return await this.exit();
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Asks again and again until there is something; fails when the process ends before. */
async function firstOf<T>(
  child: ChildProcess,
  log: string,
  bound: AbortSignal,
  attempt: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  for (;;) {
    const found = await attempt();
    if (found !== undefined) {
      return found;
    }
    if (child.exitCode !== null || child.signalCode !== null || bound.aborted) {
      throw new Error(`${child.spawnargs.join(' ')} did not start:\n${readFileSync(log, 'utf8')}`);
    }
    await delay(2);
  }
}

/** Where a peer, or the service in its log, says that it listens. */
function addressIn(log: string): string | undefined {
  const port = /^listening on (\d+)$|"url":"http:\/\/localhost:(\d+)"/m.exec(log);
  return port === null ? undefined : `http://127.0.0.1:${port[1] ?? port[2]}`;
}

async function isReady(url: URL): Promise<true | undefined> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.status === 200 ? true : undefined;
}
