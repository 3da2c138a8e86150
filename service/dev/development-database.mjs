import path from 'node:path';
import { Client } from 'pg';
import { keptPassword } from './kept-password.mjs';
import { startPostgres } from './postgres.mjs';

const SUPERUSER = 'postgres';
/** Made by the first migration: service/migrations/0001_service_user.sql. */
const SERVICE_USER = 'slipway_service';
const DATABASE = 'postgres';
const WRONG_PASSWORD = '28P01';

/**
 * @typedef {object} DevelopmentDatabase
 * @property {number} port
 * @property {Record<string, string>} superuser the `DB_*` variables of the migrations
 * @property {Record<string, string>} service those of the API, once the migrations have made its user
 * @property {() => Promise<void>} letServiceIn gives that user its password: what it may not do in production, it may
 *   not do here
 * @property {Promise<void>} ended
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the database of `npm start`, for development only. Its data, and the password made for it at the first
 * start, stay in the folder, so that a second start finds them.
 *
 * @param {string} folder absolute; git ignores it
 * @returns {Promise<DevelopmentDatabase>}
 * @throws {Error} a sentence that says why not, and what to do
 */
export async function developmentDatabase(folder) {
  const passwordFile = path.join(folder, 'postgres-password');
  const directory = path.join(folder, 'postgres');
  const password = keptPassword(passwordFile, directory);
  const postgres = await startPostgres({ directory, user: SUPERUSER, password, flags: [] });
  const { port, ended, stop } = postgres;
  try {
    await asSuperuser(port, password, async () => {});
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
  const superuser = {
    DB_HOST: postgres.host,
    DB_PORT: String(port),
    DB_DATABASE: DATABASE,
    DB_USER: SUPERUSER,
    DB_PASSWORD: password,
    DB_PASSWORD_FILE: '',
    DB_AUTH: '',
    DB_SSLMODE: 'disable',
  };
  return {
    port,
    superuser,
    service: { ...superuser, DB_USER: SERVICE_USER },
    letServiceIn: () =>
      asSuperuser(port, password, async (client) => {
        await client.query(`ALTER ROLE ${SERVICE_USER} PASSWORD ${client.escapeLiteral(password)}`);
      }),
    ended,
    stop,
  };
}

/**
 * PostgreSQL also starts with data that is not whole: that nobody can sign in to.
 *
 * @param {number} port
 * @param {string} password
 * @param {(client: Client) => Promise<void>} act
 */
async function asSuperuser(port, password, act) {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    database: DATABASE,
    password,
    ssl: false,
  });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
