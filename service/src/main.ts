import { reportFatal } from './lifecycle/fatal.ts';
import { logWarnings } from './lifecycle/warning.ts';

// First of all, before the rest of the program is even read. As process 1 of a container a process without a handler
// never hears of a signal; and a rejection that nobody handles is an uncaught exception.
const end = () => process.exit(0);
process.once('SIGTERM', end).once('SIGINT', end);
process.on('uncaughtException', reportFatal);
logWarnings();

try {
  const { serve } = await import('./serve.ts');
  await serve();
  // From here on Nest's own handlers shut down in order.
  process.off('SIGTERM', end).off('SIGINT', end);
} catch (error) {
  reportFatal(error);
}
