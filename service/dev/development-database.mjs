import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startPostgres } from './postgres.mjs';

/**
 * Starts the database of `npm start`, for development only. Its data, and the password made for it at the first
 * start, stay in the folder, so that a second start finds them.
 *
 * @param {string} folder absolute; git ignores it
 * @returns {Promise<{ variables: Record<string, string>, stop: () => Promise<void> }>} the API's `DB_*` variables
 */
export async function developmentDatabase(folder) {
  const user = 'postgres';
  const password = keptPassword(path.join(folder, 'postgres-password'));
  const postgres = await startPostgres({
    directory: path.join(folder, 'postgres'),
    user,
    password,
    flags: [],
  });
  process.stdout.write(
    `DB_HOST is not set: using an embedded PostgreSQL on port ${postgres.port}, for development only (data in .data/).\n`,
  );
  return {
    variables: {
      DB_HOST: postgres.host,
      DB_PORT: String(postgres.port),
      DB_DATABASE: 'postgres',
      DB_USER: user,
      DB_PASSWORD: password,
      DB_PASSWORD_FILE: '',
      DB_SSLMODE: 'disable',
    },
    stop: postgres.stop,
  };
}

/** @param {string} file */
function keptPassword(file) {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}
