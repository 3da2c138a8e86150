import { writeSync } from 'node:fs';
import { serializeError } from '../logging/serialize-error.ts';

const STDOUT = 1;

/**
 * Says in one line of the log what nobody caught, and ends the process with exit code 1. It needs nothing that could
 * itself be what is broken, so it writes without pino.
 */
export function reportFatal(error: unknown): never {
  const line = {
    level: 'fatal',
    time: new Date().toISOString(),
    service: 'slipway',
    commit: process.env['GIT_SHA'] || 'unknown',
    err: serializeError(error),
    msg: 'the service ends: an error that nobody expected',
  };
  try {
    writeSync(STDOUT, `${JSON.stringify(line)}\n`);
  } catch {
    // The exit code is all that is left to say it.
  }
  process.exit(1);
}
