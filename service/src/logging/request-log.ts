import { pinoHttp, type HttpLogger } from 'pino-http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request } from 'express';
import type { Logger } from 'pino';
import { requestId } from '../http/request-id.ts';

const PROBES = new Set(['/health/live', '/health/ready']);

/** Gives every request an id, and writes one line for it when it is answered; health probes are left out. */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: requestId,
    wrapSerializers: false,
    // The request's fields are added once, below, and not to a child logger of each request.
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { responseTime: 'durationMs' },
    autoLogging: { ignore: (request) => PROBES.has(path(request)) },
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'warn' : 'info'),
    customSuccessObject: (request, response, { durationMs }) => summary(request, response, durationMs),
    customSuccessMessage: () => 'request answered',
    customErrorObject: (request, response, error, { durationMs }) => ({
      ...summary(request, response, durationMs),
      err: response.err ?? error,
    }),
    customErrorMessage: () => 'request failed',
  });
}

function summary(request: IncomingMessage, response: ServerResponse, durationMs: number) {
  return {
    method: request.method,
    path: path(request),
    status: response.statusCode,
    durationMs,
    client: (request as Request).ip,
  };
}

/** Without the query, which is the client's to fill and no business of the log. */
function path(request: IncomingMessage): string {
  const url = (request as Request).originalUrl ?? request.url ?? '';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
