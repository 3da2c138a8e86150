import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from '../../service/dev/postgres.mjs';
import { certificateAuthority, installCertificate } from '@slipway/test-helpers/database/certificates';

/** What Terraform made of the database, as its layer puts it out. */
export interface DatabaseOutputs {
  host: string;
  port: number;
  database: string;
  secret_arn: string;
}

/** In place of the RDS instance: a real PostgreSQL that takes TLS only, with a certificate for the name of the instance. */
export class Database {
  private constructor(
    private readonly outputs: DatabaseOutputs,
    private readonly server: Awaited<ReturnType<typeof startPostgres>>,
    private readonly user: string,
    private password: string,
    /** The authority that signed its certificate, PEM. */
    readonly authority: string,
  ) {}

  /**
   * @param secret what RDS put into Secrets Manager
   * @param folder absolute; gets the data
   */
  static async start(
    outputs: DatabaseOutputs,
    secret: { username: string; password: string },
    folder: string,
  ): Promise<Database> {
    const directory = path.join(folder, 'postgres');
    const { username: user, password } = secret;
    const server = await startPostgres({ directory, user, password, flags: ['-c', 'fsync=off'] });
    const authority = await certificateAuthority();
    const database = new Database(outputs, server, user, password, authority.certificate);
    try {
      await database.forceTls(directory, await authority.sign(outputs.host));
      await database.query(
        'postgres',
        ({ escapeIdentifier }) => `CREATE DATABASE ${escapeIdentifier(outputs.database)}`,
      );
    } catch (error) {
      await server.stop();
      throw error;
    }
    return database;
  }

  /** How a task finds it under the name of the instance (scheduler/task-network.mjs). */
  get route(): { host: string; port: number; leadsTo: number; authority: string } {
    const { host, port } = this.outputs;
    return { host, port, leadsTo: this.server.port, authority: this.authority };
  }

  /** Gives the user a new password, and returns it. Connections that are open stay. */
  async changePassword(): Promise<string> {
    const password = randomBytes(21).toString('base64url');
    await this.query(
      this.outputs.database,
      ({ escapeIdentifier, escapeLiteral }) =>
        `ALTER ROLE ${escapeIdentifier(this.user)} PASSWORD ${escapeLiteral(password)}`,
    );
    this.password = password;
    return password;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private async forceTls(
    directory: string,
    certificate: { certificate: string; key: string },
  ): Promise<void> {
    await installCertificate(directory, certificate);
    // As `rds.force_ssl` does; read when the settings are loaded again.
    await writeFile(path.join(directory, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
    await this.query('postgres', () => 'ALTER SYSTEM SET ssl = on', false);
    await this.query('postgres', () => 'SELECT pg_reload_conf()', false);
    // The server loads them when it comes to it.
    for (let tries = 100; ; tries -= 1) {
      try {
        await this.query('postgres', () => 'SELECT 1');
        return;
      } catch (error) {
        if (tries === 0) {
          throw error;
        }
        await delay(100);
      }
    }
  }

  private async query(database: string, sql: (client: Client) => string, hasTls = true): Promise<void> {
    const client = new Client({
      host: '127.0.0.1',
      port: this.server.port,
      database,
      user: this.user,
      password: this.password,
      ssl: hasTls && { ca: this.authority, servername: this.outputs.host },
    });
    await client.connect();
    try {
      await client.query(sql(client));
    } finally {
      await client.end();
    }
  }
}
