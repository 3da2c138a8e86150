import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { processOf } from '../../dev/process-of.mjs';
import { runningPostmaster } from '../../dev/postmaster.mjs';
import { eventually } from '@slipway/test-helpers/eventually';
import { ROOT } from '@slipway/test-helpers/root';

/** A first start makes a database, which takes a busy machine its time. */
const PATIENCE = 1000;

/** A built clone in a folder of its own, so that the developer's data stays untouched. */
export class DevelopmentClone {
  readonly root = mkdtempSync(path.join(tmpdir(), 'slipway-clone-'));
  private readonly starts: Start[] = [];

  constructor() {
    chmodSync(this.root, 0o755);
    for (const name of ['service', 'dist', 'tsconfig.json', 'package.json']) {
      cpSync(path.join(ROOT, name), this.in(name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), this.in('node_modules'));
  }

  in(...names: string[]): string {
    return path.join(this.root, ...names);
  }

  get data(): string {
    return this.in('.data');
  }

  /** Takes another clone's data over, as it is. */
  copyData({ data }: DevelopmentClone): void {
    // With its owner, who need not be this user.
    spawnSync('cp', ['-a', data, this.data]);
  }

  /**
   * What `npm start` runs after its build, in a process group of its own, as a terminal would run it.
   *
   * @param options.isUnderNpm whether a process stands between, which is then the one that is started
   */
  start(
    variables: Record<string, string> = {},
    { args = [], isUnderNpm = false, user }: { args?: string[]; isUnderNpm?: boolean; user?: number } = {},
  ): Start {
    const { PATH } = process.env;
    const command = [process.execPath, 'service/dev/start.mjs', ...args];
    const [program = '', ...rest] = isUnderNpm ? ['sh', '-c', '"$0" "$@"; exit $?', ...command] : command;
    const start = new Start(
      this,
      spawn(program, rest, {
        cwd: this.root,
        env: { PATH, API_PORT: '0', ...(isUnderNpm && { npm_lifecycle_event: 'start' }), ...variables },
        detached: true,
        ...(user !== undefined && { uid: user, gid: user }),
      }),
    );
    this.starts.push(start);
    return start;
  }

  /** The process of its database, and the one that looks after it. */
  postmaster() {
    return runningPostmaster(path.join(this.data, 'postgres'));
  }

  async remove(): Promise<void> {
    for (const { child } of this.starts) {
      child.kill('SIGKILL');
    }
    await eventually(() => {
      if (this.postmaster()) throw new Error('the database still runs');
    });
    rmSync(this.root, { recursive: true, force: true });
  }
}

export class Start {
  /** Standard output: the API's log. */
  log = '';
  /** Standard error: what the kit says. */
  said = '';
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>;

  constructor(
    private readonly clone: DevelopmentClone,
    readonly child: ChildProcess,
  ) {
    child.stdout?.on('data', (chunk) => (this.log += chunk));
    child.stderr?.on('data', (chunk) => (this.said += chunk));
    this.exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** To the whole process group, as Ctrl-C does. */
  killGroup(signal: NodeJS.Signals): void {
    process.kill(-(this.child.pid as number), signal);
  }

  /** Where the API listens, when it has said so for this many times. */
  async listening(times = 1): Promise<string> {
    return eventually(() => {
      const urls = [...this.log.matchAll(/"url":"([^"]+)"/g)].map(([, url]) => url as string);
      if (urls.length < times) throw new Error(`not listening:\n${this.said}${this.log}`);
      return (urls.at(-1) as string).replace('localhost', '127.0.0.1');
    }, PATIENCE);
  }

  async get(route: string): Promise<string> {
    return (await fetch(new URL(route, await this.listening()))).text();
  }

  get databasePort(): number {
    return Number(/embedded PostgreSQL on port (\d+), for development only/.exec(this.said)?.[1]);
  }

  async query(sql: string): Promise<object[]> {
    const password = await readFile(path.join(this.clone.data, 'postgres-password'), 'utf8');
    const client = new Client({ host: '127.0.0.1', port: this.databasePort, user: 'postgres', password });
    await client.connect();
    try {
      return (await client.query<object>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

/** Waits until there is no such process any more. */
export function gone(pid: number): Promise<void> {
  return eventually(() => {
    const found = processOf(pid);
    if (found) throw new Error(`process ${pid} still runs: ${found.command}`);
  }, PATIENCE);
}
