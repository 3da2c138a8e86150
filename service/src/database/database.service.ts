import { AsyncResource } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type QueryResult, type QueryResultRow } from 'pg';
import { databaseErrorCode } from './database-error-code.ts';
import { DatabaseError } from './database.error.ts';

const POOL_END_TIMEOUT_MS = 1000;
const OPEN_CONNECTION_POLL_MS = 20;

export interface EngineVersion {
  /** The release, as in `18.4`. */
  version: string;
  /** The server's whole description of itself. */
  banner: string;
}

/** Round trips to PostgreSQL, each on a pooled connection and bounded in time. */
@Injectable()
export class DatabaseService implements OnApplicationShutdown {
  private readonly logger = new Logger(DatabaseService.name);
  private connections = 0;
  private answered = false;

  constructor(private readonly pool: Pool) {
    pool.on('connect', () => this.connections++);
    pool.on('remove', () => this.connections--);
    // The pool has already dropped the connection; without a listener the process would end.
    // It is no business of the request that had the connection made.
    pool.on(
      'error',
      AsyncResource.bind((error: Error) => {
        this.logger.warn({ err: error }, 'an idle database connection was lost');
      }),
    );
  }

  /** Whether the database has answered at least once since the process started. */
  get hasAnswered(): boolean {
    return this.answered;
  }

  /**
   * Asks the server which release it is.
   *
   * @throws DatabaseError with the code of what went wrong
   */
  async engineVersion(): Promise<EngineVersion> {
    try {
      const { rows } = await this.query<EngineVersion>(
        `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, version() AS banner`,
      );
      this.answered = true;
      return rows[0] as EngineVersion;
    } catch (error) {
      throw new DatabaseError(databaseErrorCode(error, this.connections > 0), error);
    }
  }

  /**
   * While the password is being changed no new connection is let in, but those that are open go on: what was refused
   * waits for one of them, as long as it would have waited for a connection.
   */
  private async query<Row extends QueryResultRow>(sql: string): Promise<QueryResult<Row>> {
    let bound: number | undefined;
    for (;;) {
      try {
        return await this.pool.query<Row>(sql);
      } catch (error) {
        bound ??= performance.now() + (this.pool.options.connectionTimeoutMillis ?? 0);
        const isRefused = databaseErrorCode(error, this.connections > 0) === 'DB_AUTH_FAILED';
        if (!isRefused || this.connections === 0 || performance.now() > bound) {
          throw error;
        }
        await delay(OPEN_CONNECTION_POLL_MS);
      }
    }
  }

  async onApplicationShutdown(): Promise<void> {
    // The last response is out by now; a query that nobody waits for any more must not hold up the exit.
    await Promise.race([this.pool.end(), delay(POOL_END_TIMEOUT_MS)]);
  }
}
