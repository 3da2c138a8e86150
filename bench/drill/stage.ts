import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '@slipway/test-helpers/database/database';
import { FaultyProxy } from '@slipway/test-helpers/database/faulty-proxy';
import { Server } from '../lib/server.ts';
import type { Seen } from './drill.ts';
import { SteadyLoad } from './steady-load.ts';
import { DATABASE_BOUND_MS } from './verdict.ts';

/** How long all is well before a fault, and how long is watched after it, in milliseconds. */
const BEFORE_MS = 1000;
const AFTER_MS = 3000;

/** The user that the service has in the database: not a superuser, so that its limits hold. */
const USER = 'app';
export const FIRST_PASSWORD = 'the first password of the drill';

/** What every drill runs on: a database, a network to it that can fail, and a place for logs. */
export class Stage {
  private readonly servers: Server[] = [];

  private constructor(
    readonly database: Database,
    readonly proxy: FaultyProxy,
    readonly folder: string,
    /** Whether to be short. */
    readonly quick: boolean,
  ) {}

  static async build(folder: string, quick: boolean): Promise<Stage> {
    const database = await Database.start();
    await database.query(`CREATE ROLE ${USER} LOGIN PASSWORD '${FIRST_PASSWORD}'`);
    return new Stage(database, await new FaultyProxy(database.port).open(), folder, quick);
  }

  /** How long a fault lasts, in milliseconds. */
  get faultMs(): number {
    return this.quick ? 2500 : 4000;
  }

  /** Starts the service, and waits until it is ready. */
  async start(
    overrides: Record<string, string> = {},
    command: [string, ...string[]] = [process.execPath, 'dist/main.js'],
  ): Promise<Server> {
    // A quick run is made where other things run as well.
    const bound = String(this.quick ? 2 * DATABASE_BOUND_MS : DATABASE_BOUND_MS);
    const variables = {
      ...this.database.variables({
        DB_USER: USER,
        DB_PASSWORD: FIRST_PASSWORD,
        DB_PORT: String(this.proxy.port),
        DB_CONNECT_TIMEOUT_MS: bound,
        DB_QUERY_TIMEOUT_MS: bound,
      }),
      API_PORT: '0',
      ...overrides,
    };
    const server = await Server.start({ command, variables, readyAt: '/health/ready', folder: this.folder });
    this.servers.push(server);
    return server;
  }

  /** Ends every connection that the service has to the database. */
  async terminateBackends(): Promise<void> {
    await this.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slipway'`,
    );
  }

  /** Stops every service that still runs, and says what all of them wrote and which did not end as it should. */
  async stopServices(): Promise<{ logs: string; broken: string[] }> {
    const servers = this.servers.splice(0);
    const codes = await Promise.all(servers.map((server) => server.stop()));
    const broken = servers
      .filter(({ wasKilled }, index) => !wasKilled && codes[index] !== 0)
      .map(({ output }) => `the service ended badly:\n${output.slice(-2000)}`);
    return { logs: servers.map(({ output }) => output).join(''), broken };
  }

  async clear(): Promise<void> {
    await this.stopServices();
    await this.proxy.refuse();
    await this.database.stop();
  }
}

/**
 * Sends steady load, and lets a fault happen meanwhile.
 *
 * @param fault makes the fault and ends it
 */
export async function underLoad(url: string, fault: () => Promise<void>): Promise<Seen> {
  const load = new SteadyLoad(url);
  try {
    await delay(BEFORE_MS);
    await fault();
    const endedAt = performance.now();
    await delay(AFTER_MS);
    return { sent: load.sent, endedAt };
  } finally {
    await load.stop();
  }
}
