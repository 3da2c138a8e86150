import { writePlainLine } from './plain-line.ts';

/** Says in one line of the log what nobody caught, and ends the process with exit code 1. */
export function reportFatal(error: unknown): never {
  writePlainLine('fatal', error, 'the service ends: an error that nobody expected');
  process.exit(1);
}
