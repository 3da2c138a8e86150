/**
 * `npm start`: runs the built API, with an embedded PostgreSQL beside it when no database is configured; with --watch
 * (`npm run start:dev`) from its sources, and anew after each change. Other arguments are Node's, as in --inspect.
 * Nothing of this folder goes into the image. The npm scripts say `exec`, so that a signal to npm comes here and not to
 * a shell.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuiltApi } from './built-api.mjs';
import { developmentDatabase } from './development-database.mjs';
import { readDotEnv } from './dot-env.mjs';
import { followNpm } from './follow-npm.mjs';
import { Migrations } from './migrations.mjs';
import { say } from './say.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');

/** @returns {Promise<number>} the exit code */
async function start() {
  /** @type {{ kill: (signal: NodeJS.Signals) => void, ended: Promise<number> } | undefined} */
  let api;
  followNpm(() => (api ? api.kill('SIGTERM') : process.exit(1)));

  const isProduction = process.env['NODE_ENV'] === 'production';
  /** @type {NodeJS.ProcessEnv} */
  const variables = { ...(isProduction ? {} : readDotEnv(path.join(root, '.env'))), ...process.env };
  const isConfigured = variables['DB_HOST'] || isProduction;
  const database = isConfigured ? undefined : await developmentDatabase(path.join(root, '.data'));
  if (database) {
    say(
      `DB_HOST is not set: using an embedded PostgreSQL on port ${database.port}, for development only (data in .data/).`,
    );
    const unused = Object.keys(database.service).filter((name) => variables[name]);
    if (unused.length > 0) {
      say(`Without DB_HOST these are not used: ${unused.join(', ')}.`);
    }
  }

  const args = process.argv.slice(2);
  const isWatching = args[0] === '--watch';
  const environment = { ...variables, ...database?.service };
  const migrations = database && new Migrations(root, database, variables);
  if (isWatching) {
    // Of the packages for development it loads the largest, and `npm start` does not need it.
    const { WatchedApi } = await import('./watched-api.mjs');
    api = new WatchedApi(root, args.slice(1), environment, migrations);
  } else {
    api = new BuiltApi(root, args, environment, migrations);
  }
  const running = api;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => running.kill(signal));
  }

  let isDatabaseLost = false;
  let isStopping = false;
  const followDatabase = async () => {
    await database?.ended;
    if (database && !isStopping) {
      isDatabaseLost = true;
      say('The embedded PostgreSQL was ended from outside, and the API ends with it: start again.');
      running.kill('SIGTERM');
    }
  };
  void followDatabase();
  const code = await running.ended;
  isStopping = true;
  await database?.stop();
  return isDatabaseLost ? 1 : code;
}

try {
  process.exitCode = await start();
} catch (error) {
  say(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
