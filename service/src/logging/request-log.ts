import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import proxyAddress from 'proxy-addr';
import { refusalOf } from '../http/client-error.ts';
import { requestId } from '../http/request-id.ts';
import { requestPath } from '../http/request-path.ts';
import { trustProxy } from '../http/trust-proxy.ts';

declare module 'node:http' {
  interface IncomingMessage {
    /** The request's id in the log, in the answer and in every problem. */
    requestId: string;
  }

  interface ServerResponse {
    /** What made the answer a 5xx, for the request's line in the log. */
    err?: Error;
  }
}

const PROBES = new Set(['/health/live', '/health/ready']);

/**
 * Gives every request an id, and writes one line for it when it is answered; health probes are left out. It listens to
 * the server itself, before any framework: so it also sees what the router refuses. See
 * docs/decisions/0004-request-log.md.
 */
export function requestLog(logger: Logger) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = performance.now();
    request.requestId = requestId(request);
    const path = requestPath(request);
    if (PROBES.has(path)) {
      return;
    }
    response.on('close', () => {
      const { statusCode: status, err } = response;
      logger[status >= 500 ? 'warn' : 'info'](
        {
          reqId: request.requestId,
          method: request.method,
          path,
          status,
          durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
          client: proxyAddress(request, trustProxy),
          err,
        },
        response.writableFinished ? 'request answered' : 'the client went away',
      );
    });
  };
}

/** Writes one line for bytes that are no valid request: there is no request whose id, method or path could be told. */
export function refusalLog(logger: Logger) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    const refusal = refusalOf(error, socket);
    if (refusal !== undefined) {
      logger.info({ status: refusal.status, client: socket.remoteAddress }, 'what came is no valid request');
    }
  };
}
