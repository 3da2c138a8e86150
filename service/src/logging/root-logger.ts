import { pino, type Logger } from 'pino';
import type { Environment } from '../config/environment.ts';
import { isoTime } from './iso-time.ts';
import { standardOutput } from './standard-output.ts';

/** The one logger: JSON lines on standard output, each with the commit that wrote it. */
export function rootLogger({ LOG_LEVEL, GIT_SHA }: Environment): Logger {
  return pino(
    {
      level: LOG_LEVEL,
      base: { service: 'slipway', commit: GIT_SHA },
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
    },
    standardOutput(),
  );
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
