import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../../../service/dev/postgres.mjs';
import { installCertificate } from './certificates.ts';

const USER = 'postgres';
const PASSWORD = 'an admin password of the tests';

/** A real PostgreSQL of the test's own, with real backends, in a folder that goes when it stops. */
export class Database {
  private constructor(
    private readonly folder: string,
    private server: Awaited<ReturnType<typeof startPostgres>>,
    private readonly flags: string[],
  ) {}

  /** @param flags further arguments of `postgres`, as in `['-c', 'max_connections=5']` */
  static async start(flags: string[] = []): Promise<Database> {
    const folder = await mkdtemp(path.join(tmpdir(), 'slipway-database-'));
    return new Database(folder, await launch(folder, flags), flags);
  }

  get port(): number {
    return this.server.port;
  }

  /** Where the server keeps its files. */
  get directory(): string {
    return dataIn(this.folder);
  }

  /**
   * The service's `DB_*` variables for this server. The bounds are for a machine that is busy: a test that is about them
   * gives its own.
   */
  variables(overrides: Record<string, string> = {}): Record<string, string> {
    return {
      DB_HOST: '127.0.0.1',
      DB_PORT: String(this.port),
      DB_DATABASE: 'postgres',
      DB_USER: USER,
      DB_PASSWORD: PASSWORD,
      DB_CONNECT_TIMEOUT_MS: '20000',
      DB_QUERY_TIMEOUT_MS: '20000',
      ...overrides,
    };
  }

  /** A connection of the superuser, for the caller to end. */
  async connect(): Promise<Client> {
    const client = new Client({ host: '127.0.0.1', port: this.port, user: USER, password: PASSWORD });
    await client.connect();
    return client;
  }

  /** Runs one statement as the superuser, on a connection of its own. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    const client = await this.connect();
    try {
      const { rows } = await client.query<Row>(sql);
      return rows;
    } finally {
      await client.end();
    }
  }

  /** How many backends serve the service now. */
  async backends(): Promise<number> {
    const [row] = await this.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'slipway'`,
    );
    return row?.count ?? 0;
  }

  /** Makes the server offer TLS with this certificate, as RDS does. */
  async enableTls(certificate: { certificate: string; key: string }): Promise<void> {
    await installCertificate(this.directory, certificate);
    await this.query('ALTER SYSTEM SET ssl = on');
    await this.query('SELECT pg_reload_conf()');
  }

  /** Replaces the server's rules of who may connect, and how (`pg_hba.conf`). */
  async setAccessRules(...rules: string[]): Promise<void> {
    await writeFile(path.join(this.directory, 'pg_hba.conf'), `${rules.join('\n')}\n`);
    await this.query('SELECT pg_reload_conf()');
  }

  /** Stops the server and keeps its data. */
  async halt(): Promise<void> {
    await this.server.stop();
  }

  /** Starts a halted server again, on the port that it had. */
  async resume(): Promise<void> {
    this.server = await launch(this.folder, this.flags, this.port);
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const dataIn = (folder: string) => path.join(folder, 'data');

function launch(folder: string, flags: string[], port?: number) {
  return startPostgres({ directory: dataIn(folder), user: USER, password: PASSWORD, flags, port });
}
