import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { requestId } from '../http/request-id.ts';

const PROBES = new Set(['/health/live', '/health/ready']);

/**
 * Gives every request an id, and writes one line for it when it is answered; health probes are left out. It is not
 * pino-http, because that makes two child loggers for each request, which halved the throughput of `GET /`.
 */
export function requestLog(logger: Logger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    request.id = requestId(request, response);
    const { path } = request;
    if (!PROBES.has(path)) {
      response.once('close', () => {
        const { statusCode: status, err } = response;
        logger[status >= 500 ? 'warn' : 'info'](
          {
            reqId: request.id,
            method: request.method,
            // Without the query, which is the client's to fill and no business of the log.
            path,
            status,
            durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
            client: request.ip,
            err,
          },
          response.writableFinished ? 'request answered' : 'the client went away',
        );
      });
    }
    next();
  };
}
