/**
 * `npm start`: runs the built API, with an embedded PostgreSQL beside it when no database is configured. Nothing of
 * this folder goes into the image. The npm script says `exec`, so that a signal to npm comes here and not to a shell.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { developmentDatabase } from './development-database.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');

async function start() {
  const isConfigured = process.env['DB_HOST'] || process.env['NODE_ENV'] === 'production';
  const database = isConfigured ? undefined : await developmentDatabase(path.join(root, '.data'));

  const api = spawn(process.execPath, ['--import', './service/dev/follow-parent.mjs', 'dist/main.js'], {
    cwd: root,
    env: { ...process.env, ...database?.variables },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => api.kill(signal));
  }
  const [code] = await once(api, 'exit');
  await database?.stop();
  process.exitCode = code ?? 1;
}

start().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
