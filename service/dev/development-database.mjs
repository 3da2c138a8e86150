import path from 'node:path';
import { Client } from 'pg';
import { keptPassword } from './kept-password.mjs';
import { startPostgres } from './postgres.mjs';

const USER = 'postgres';
const DATABASE = 'postgres';
const WRONG_PASSWORD = '28P01';

/**
 * Starts the database of `npm start`, for development only. Its data, and the password made for it at the first
 * start, stay in the folder, so that a second start finds them.
 *
 * @param {string} folder absolute; git ignores it
 * @returns {Promise<{ port: number, variables: Record<string, string>, ended: Promise<void>, stop: () => Promise<void> }>}
 *   with the API's `DB_*` variables
 * @throws {Error} a sentence that says why not, and what to do
 */
export async function developmentDatabase(folder) {
  const passwordFile = path.join(folder, 'postgres-password');
  const directory = path.join(folder, 'postgres');
  const password = keptPassword(passwordFile, directory);
  const postgres = await startPostgres({ directory, user: USER, password, flags: [] });
  const { port, ended, stop } = postgres;
  try {
    await signIn(port, password);
  } catch (error) {
    await stop();
    const { code, message } = /** @type {Error & { code?: string }} */ (error);
    throw new Error(
      password === '' || code === WRONG_PASSWORD
        ? `${passwordFile} does not hold the password of the data beside it: put the right one back, or delete ${folder} to start afresh, without what is in it.`
        : `${directory} is damaged (${message}): delete ${folder} to start afresh, without what is in it.`,
      { cause: error },
    );
  }
  return {
    port,
    variables: {
      DB_HOST: postgres.host,
      DB_PORT: String(port),
      DB_DATABASE: DATABASE,
      DB_USER: USER,
      DB_PASSWORD: password,
      DB_PASSWORD_FILE: '',
      DB_AUTH: '',
      DB_SSLMODE: 'disable',
    },
    ended,
    stop,
  };
}

/**
 * PostgreSQL also starts with data that is not whole.
 *
 * @param {number} port
 * @param {string} password
 */
async function signIn(port, password) {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: USER,
    database: DATABASE,
    password,
    ssl: false,
  });
  await client.connect();
  await client.end();
}
