import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../../service/dev/postgres.mjs';
import { certificateAuthority } from '@slipway/test-helpers/database/certificates';
import { ACCESS_RULES, SimulatedRds, type RdsSettings } from '../emulator/rds/simulated-rds.ts';

/** As RDS calls the superuser that is its own. */
const OPERATOR = 'rdsadmin';

/** What Terraform made of the database, as its layer puts it out. */
export interface DatabaseOutputs {
  host: string;
  port: number;
  database: string;
  secret_arn: string;
}

/** In place of the RDS instance: a real PostgreSQL behind the door of a simulated RDS, under the name of the instance. */
export class Database {
  private constructor(
    private readonly outputs: DatabaseOutputs,
    private readonly server: Awaited<ReturnType<typeof startPostgres>>,
    private readonly rds: SimulatedRds,
    private readonly operator: { user: string; password: string },
    private readonly master: string,
    /** The authority that signed its certificate, PEM. */
    private readonly authority: string,
  ) {}

  /**
   * @param secret what RDS put into Secrets Manager: the master user
   * @param folder absolute; gets the data
   * @param access who is let in by a token
   */
  static async start(
    outputs: DatabaseOutputs,
    secret: { username: string; password: string },
    folder: string,
    access: Pick<RdsSettings, 'region' | 'roles' | 'mayConnect'>,
  ): Promise<Database> {
    const directory = path.join(folder, 'postgres');
    const operator = { user: OPERATOR, password: randomBytes(21).toString('base64url') };
    const server = await startPostgres({ directory, ...operator, flags: ['-c', 'fsync=off'] });
    try {
      const { username: master, password } = secret;
      await run(server.port, 'postgres', operator, ({ escapeIdentifier, escapeLiteral }) => [
        'CREATE ROLE rds_iam',
        `CREATE ROLE ${escapeIdentifier(master)} SUPERUSER LOGIN PASSWORD ${escapeLiteral(password)}`,
        `CREATE DATABASE ${escapeIdentifier(outputs.database)} OWNER ${escapeIdentifier(master)}`,
      ]);
      await writeFile(path.join(directory, 'pg_hba.conf'), `${ACCESS_RULES.join('\n')}\n`);
      await run(server.port, 'postgres', operator, () => ['SELECT pg_reload_conf()']);
      const authority = await certificateAuthority();
      const rds = await SimulatedRds.open({
        ...access,
        host: outputs.host,
        port: outputs.port,
        certificate: await authority.sign(outputs.host),
        server: { port: server.port, database: outputs.database, ...operator },
      });
      return new Database(outputs, server, rds, operator, master, authority.certificate);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** How a task finds it under the name of the instance (scheduler/task-network.mjs). */
  get route(): { host: string; port: number; leadsTo: number; authority: string } {
    const { host, port } = this.outputs;
    return { host, port, leadsTo: this.rds.port, authority: this.authority };
  }

  /** Why tokens were refused. */
  get refusals(): readonly string[] {
    return this.rds.refusals;
  }

  /** Gives the master user a new password, and returns it. Connections that are open stay. */
  async changePassword(): Promise<string> {
    const password = randomBytes(21).toString('base64url');
    await this.query(
      ({ escapeIdentifier, escapeLiteral }) =>
        `ALTER ROLE ${escapeIdentifier(this.master)} PASSWORD ${escapeLiteral(password)}`,
    );
    return password;
  }

  /** Runs one statement in the service's database. */
  async query<Row>(sql: (client: Client) => string): Promise<Row[]> {
    const [rows = []] = await run<Row>(this.server.port, this.outputs.database, this.operator, (client) => [
      sql(client),
    ]);
    return rows;
  }

  async stop(): Promise<void> {
    await this.rds.close();
    await this.server.stop();
  }
}

/** Runs statements one by one, straight at the server. @returns the rows of each */
async function run<Row>(
  port: number,
  database: string,
  operator: { user: string; password: string },
  sql: (client: Client) => string[],
): Promise<Row[][]> {
  const client = new Client({ host: '127.0.0.1', port, database, ...operator });
  await client.connect();
  try {
    const answers: Row[][] = [];
    for (const statement of sql(client)) {
      answers.push((await client.query(statement)).rows as Row[]);
    }
    return answers;
  } finally {
    await client.end();
  }
}
