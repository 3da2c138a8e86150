import { setTimeout as delay } from 'node:timers/promises';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import type { ClientBase } from 'pg';
import type { Logger } from 'pino';
import { MigrationSession } from './migration-session.ts';

/** How often it is looked whether another run has ended, in milliseconds. */
const LOCK_POLL_MS = 500;

/**
 * What a run asks of the server for itself.
 *
 * - `client_connection_check_interval`: the server stops when nobody waits for it any more, and not at the end of what
 *   it does.
 * - The others: a run whose machine is gone keeps no lock.
 */
const SETTINGS = `
  SET client_connection_check_interval = '1s';
  SET idle_in_transaction_session_timeout = '1min';
  SET idle_session_timeout = '1min'`;

/** The library's own words are not for the log: some of them are SQL. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Applies what the database does not have yet, in order, each migration in a transaction of its own. Of several runs at
 * once one is at work, and the others wait for it.
 *
 * @param folder absolute; its `*.sql`, which begin with a number
 * @param signal ends the wait for another run
 * @returns how many were applied
 * @throws MigrationError, DatabaseError, QueryError as MigrationSession does; Error when the files do not fit what was
 * applied before
 */
export async function applyMigrations(
  client: ClientBase,
  folder: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<number> {
  const session = new MigrationSession(client);
  await session.query(SETTINGS);
  await lock(session, logger, signal);
  for (let count = 0; ; count += 1) {
    const startedAt = performance.now();
    const [applied] = await runner({
      dbClient: session as unknown as ClientBase,
      dir: folder,
      ignorePattern: '(?!.*\\.sql$).*',
      migrationLoaderStrategies: [{ extensions: ['.sql'], loader: session.load }],
      direction: 'up',
      count: 1,
      singleTransaction: false,
      // Where the service's user sees nothing of it.
      migrationsSchema: 'migrations',
      createMigrationsSchema: true,
      migrationsTable: 'applied',
      noLock: true,
      logger: SILENT,
    });
    if (applied === undefined) {
      return count;
    }
    const durationMs = Math.round(performance.now() - startedAt);
    logger.info({ migration: applied.name, durationMs }, 'migration applied');
  }
}

/**
 * Not by waiting within the database, as the library would: `CREATE INDEX CONCURRENTLY` waits for every statement that
 * began before it, and one of those would wait for it.
 */
async function lock(session: MigrationSession, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    const answer = await session.query(`SELECT pg_try_advisory_lock(${PG_MIGRATE_LOCK_ID}) AS "isOurs"`);
    const { rows } = answer as { rows: { isOurs: boolean }[] };
    if (rows[0]?.isOurs) {
      return;
    }
    if (isFirst) {
      logger.info('another run applies migrations; waiting for it');
    }
    await delay(LOCK_POLL_MS, undefined, { signal });
  }
}
