/** `npm run migrate`, and the release command of the image: applies service/migrations/, then ends with 0 or 1. */
import { reportFailedStart } from './lifecycle/failed-start.ts';
import { reportFatal } from './lifecycle/fatal.ts';
import { logWarnings } from './lifecycle/warning.ts';

// First of all, as in main.ts.
const interruption = new AbortController();
const interrupt = () => interruption.abort();
process.once('SIGTERM', interrupt).once('SIGINT', interrupt);
process.on('uncaughtException', reportFatal);
logWarnings();

try {
  const { runMigrations } = await import('./migrations/run-migrations.ts');
  process.exitCode = await runMigrations(process.env, interruption.signal);
} catch (error) {
  reportFailedStart(error);
}
