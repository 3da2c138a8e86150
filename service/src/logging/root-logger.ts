import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { Environment } from '../config/parse-environment.ts';
import { requestContext } from '../http/request-context.ts';
import { serializeError } from './serialize-error.ts';

/** The one logger: JSON lines, each with the commit that wrote it and the ids of the request that it is about. */
export function rootLogger(
  { LOG_LEVEL, GIT_SHA }: Pick<Environment, 'LOG_LEVEL' | 'GIT_SHA'>,
  output: DestinationStream,
): Logger {
  return pino(
    {
      level: LOG_LEVEL,
      base: { service: 'slipway', commit: GIT_SHA },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
      mixin: () => ({ ...requestContext.getStore() }),
    },
    output,
  );
}
