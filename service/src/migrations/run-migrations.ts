import { createRequire } from 'node:module';
import path from 'node:path';
import type { Logger } from 'pino';
import { parseEnvironment, type Environment } from '../config/parse-environment.ts';
import { connectErrorCode } from '../database/database-error-code.ts';
import { DatabaseError } from '../database/database.error.ts';
import { GuardedClient } from '../database/guard/guarded-client.ts';
import { explainUntrusted } from '../database/missing-root.error.ts';
import { connectionOptions } from '../database/pool-options.ts';
import { rootLogger } from '../logging/root-logger.ts';
import { StandardOutput } from '../logging/standard-output.ts';
import { applyMigrations } from './apply-migrations.ts';
import { MigrationError } from './migration.error.ts';

/** All of a run, the wait for another one too: less than the 15 minutes after which a release command is stopped. */
const TIMEOUT_MS = 14 * 60_000;

/** Beside package.json, from whatever depth this code runs. */
const FOLDER = path.join(
  path.dirname(createRequire(import.meta.url).resolve('slipway/package.json')),
  'service/migrations',
);

/**
 * Applies the service's migrations to the database of the environment, and says in the log what it did.
 *
 * @param interruption ends it; what is at work is rolled back
 * @returns the exit code
 * @throws ConfigurationError
 */
export async function runMigrations(
  variables: Record<string, unknown>,
  interruption: AbortSignal,
): Promise<number> {
  const settings = parseEnvironment(variables);
  const logger = rootLogger(settings, new StandardOutput());
  const signal = AbortSignal.any([interruption, AbortSignal.timeout(TIMEOUT_MS)]);
  const client = new GuardedClient({
    ...connectionOptions(settings),
    application_name: 'slipway-migrate',
    // What waits for a lock holds up all that is asked of the table behind it, so it gives up before the service does.
    lock_timeout: Math.ceil(settings.DB_QUERY_TIMEOUT_MS / 2),
  });
  const stop = () => client.abort(signal.reason as Error);
  signal.addEventListener('abort', stop);
  try {
    await connect(client, settings);
    const count = await applyMigrations(client, FOLDER, logger, signal);
    logger.info({ count }, count === 0 ? 'no migration to apply' : 'every migration is applied');
    return 0;
  } catch (error) {
    report(logger, error, signal, interruption);
    return 1;
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end();
  }
}

async function connect(client: GuardedClient, settings: Environment): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    throw new DatabaseError(connectErrorCode(error, false), explainUntrusted(error, settings.DB_HOST));
  }
}

function report(logger: Logger, error: unknown, signal: AbortSignal, interruption: AbortSignal): void {
  if (signal.aborted) {
    const why = interruption.aborted ? 'interrupted' : `not done within ${TIMEOUT_MS / 60_000} minutes`;
    logger.error(`${why}: the migration at work is rolled back`);
  } else if (error instanceof MigrationError) {
    const { place, cause } = error;
    logger.error(
      { ...place, code: cause.code, err: error },
      'a migration failed, and none behind it was tried',
    );
  } else {
    const code = error instanceof DatabaseError ? error.code : undefined;
    logger.error({ code, err: error }, 'the migrations could not be applied');
  }
}
