import { writeSync } from 'node:fs';
import { serializeError } from '../logging/serialize-error.ts';

const STDOUT = 1;

/** Writes one line of the log without pino, so at any moment and whatever is broken. */
export function writePlainLine(level: 'warn' | 'fatal', error: unknown, msg: string): void {
  const line = {
    level,
    time: new Date().toISOString(),
    service: 'slipway',
    commit: process.env['GIT_SHA'] || 'unknown',
    err: serializeError(error),
    msg,
  };
  try {
    writeSync(STDOUT, `${JSON.stringify(line)}\n`);
  } catch {
    // A log that cannot be written stops nothing.
  }
}
