/** `npm run migrate`: applies service/migrations/ to the database of the environment or of the `.env`. */
import path from 'node:path';
import { readDotEnv } from './dot-env.mjs';
import { Program } from './program.mjs';
import { say } from './say.mjs';

const root = path.resolve(import.meta.dirname, '../..');

async function migrate() {
  const isProduction = process.env['NODE_ENV'] === 'production';
  const variables = { ...(isProduction ? {} : readDotEnv(path.join(root, '.env'))), ...process.env };
  if (!variables['DB_HOST'] && !isProduction) {
    say('DB_HOST is not set: `npm start` applies the migrations to the embedded PostgreSQL by itself.');
  }
  const program = new Program(root, ['dist/migrate.js'], variables);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => program.kill(signal));
  }
  return program.ended;
}

try {
  process.exitCode = await migrate();
} catch (error) {
  say(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
