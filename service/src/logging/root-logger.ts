import { destination, pino, stdTimeFunctions, type Logger, type LoggerOptions } from 'pino';
import type { Environment } from '../config/environment.ts';

/**
 * The one logger: JSON lines on standard output, each with the commit that wrote it. Lines are written in the
 * background, and what is left of them when the process exits.
 */
export function rootLogger({ LOG_LEVEL, GIT_SHA }: Environment): Logger {
  const options: LoggerOptions = {
    level: LOG_LEVEL,
    base: { service: 'slipway', commit: GIT_SHA },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
  };
  return pino(options, destination({ dest: 1, sync: false }));
}

interface LoggedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
}

/** What helps to find a fault, chosen field by field: pg puts connection settings and SQL on some of its errors. */
export function serializeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: String(error) };
  }
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return {
    type: name,
    message,
    ...(typeof code === 'string' && { code }),
    // An error with a cause only gives it a name; the stack that tells where is the cause's.
    ...(cause === undefined ? { stack } : { cause: serializeError(cause) }),
  };
}
