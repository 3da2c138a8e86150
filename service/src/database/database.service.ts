import { AsyncResource } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type ClientBase, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import { environment, type Environment } from '../config/environment.ts';
import { connectErrorCode, queryErrorCode } from './database-error-code.ts';
import { DatabaseError, type DatabaseErrorCode } from './database.error.ts';
import { explainUntrusted } from './missing-root.error.ts';
import { QueryError } from './query.error.ts';

const POOL_END_TIMEOUT_MS = 1000;
const OPEN_CONNECTION_POLL_MS = 20;
/** Why a new connection is not made while those that are open go on. */
const NOT_LET_IN: ReadonlySet<DatabaseErrorCode> = new Set(['DB_AUTH_FAILED', 'DB_CREDENTIALS_UNAVAILABLE']);

export interface EngineVersion {
  /** As in `18.4`. */
  version: string;
  /** The server's whole description of itself. */
  banner: string;
}

/** Round trips to PostgreSQL, each on a pooled connection and bounded in time. */
@Injectable()
export class DatabaseService implements OnApplicationShutdown {
  private readonly logger = new Logger(DatabaseService.name);
  /** Those that the server has accepted. */
  private readonly connections = new Set<ClientBase>();
  private answered = false;

  constructor(
    private readonly pool: Pool,
    @Inject(environment.KEY) private readonly settings: Environment,
  ) {
    pool.on('connect', (client) => this.connections.add(client));
    pool.on('remove', (client) => this.connections.delete(client));
    // The pool has already dropped the connection; without a listener the process would end.
    // It is no business of the request that had the connection made.
    pool.on(
      'error',
      AsyncResource.bind((error: Error) => {
        this.logger.warn({ err: error }, 'an idle database connection was lost');
      }),
    );
  }

  /** Whether the database has said its version at least once since the process started. */
  get hasAnswered(): boolean {
    return this.answered;
  }

  /**
   * Asks the server for its version.
   *
   * @throws DatabaseError, QueryError as `query` does
   */
  async engineVersion(): Promise<EngineVersion> {
    const { rows } = await this.query<EngineVersion>(
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, version() AS banner`,
    );
    const [row] = rows;
    if (typeof row?.version !== 'string' || typeof row.banner !== 'string') {
      throw new QueryError('the database did not say its version');
    }
    this.answered = true;
    return row;
  }

  /**
   * Runs one statement, in a transaction of its own, on a connection of the pool. A connection is waited for at most
   * `DB_CONNECT_TIMEOUT_MS`, the answer at most `DB_QUERY_TIMEOUT_MS`, whatever happens meanwhile; the answer may hold
   * 8 MiB. Neither the statement nor a parameter reaches the log.
   *
   * @param text one statement; what comes from outside stands in it as `$1`, `$2` and so on
   * @param values the parameters, in their order
   * @throws DatabaseError when the database cannot be asked or does not answer: its `code` says why, and the request is
   * answered with 503
   * @throws QueryError when the database answers that the statement failed: its `code` is the SQLSTATE, and the request
   * is answered with 500
   */
  async query<Row extends QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const client = await this.connect();
    let lost: DatabaseError | undefined;
    try {
      const result = await answerOf<Row>(client, text, values);
      if (Array.isArray(result)) {
        throw new QueryError('a query has more than one answer');
      }
      return result;
    } catch (error) {
      const code = queryErrorCode(error);
      lost = code && new DatabaseError(code, error);
      throw lost ?? (error instanceof QueryError ? error : QueryError.from(error));
    } finally {
      // After a query that failed by itself the connection is as good as before.
      client.release(lost);
    }
  }

  /**
   * While the password is being changed, or nobody has the credentials for a token, no new connection is let in, but
   * those that are open go on: what was refused waits for one of them, as long as it would have waited for a connection.
   */
  private async connect(): Promise<PoolClient> {
    const bound = performance.now() + this.settings.DB_CONNECT_TIMEOUT_MS;
    let attempt = connectionOf(this.pool);
    for (;;) {
      try {
        return await attempt;
      } catch (error) {
        const refused = this.connectError(error);
        const mayWait = NOT_LET_IN.has(refused.code) && this.connections.size > 0;
        if (!mayWait || performance.now() >= bound) {
          throw refused;
        }
        await delay(OPEN_CONNECTION_POLL_MS);
        attempt = this.connectBefore(bound, error);
      }
    }
  }

  /** One more attempt, within what is left of the bound and not its own: a connection that comes late goes to the pool. */
  private async connectBefore(bound: number, refusal: unknown): Promise<PoolClient> {
    const attempt = connectionOf(this.pool);
    const timer = new AbortController();
    const isLate = delay(Math.max(bound - performance.now(), 0), undefined, { signal: timer.signal });
    try {
      const client = await Promise.race([attempt, isLate]);
      if (client) {
        return client;
      }
    } finally {
      timer.abort();
    }
    attempt.then(
      (client) => client.release(),
      () => {},
    );
    throw refusal;
  }

  private connectError(error: unknown): DatabaseError {
    const code = connectErrorCode(error, this.connections.size > 0);
    return new DatabaseError(code, explainUntrusted(error, this.settings.DB_HOST));
  }

  async onApplicationShutdown(): Promise<void> {
    // The last response is out by now; a query that nobody waits for any more must not hold up the exit.
    await Promise.race([this.pool.end(), delay(POOL_END_TIMEOUT_MS)]);
  }
}

// With a callback, because the promises of pg and its pool make a second one each, for the stack of an error, and that is
// a tenth of the processor time of `GET /connect`.

function connectionOf(pool: Pool): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (client) {
        resolve(client);
      } else {
        reject(error);
      }
    });
  });
}

function answerOf<Row extends QueryResultRow>(
  client: PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  return new Promise((resolve, reject) => {
    client.query<Row>(text, values as unknown[], (error, result) => {
      if (error) {
        reject(error);
      } else {
        resolve(result);
      }
    });
  });
}
