import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import proxyAddress from 'proxy-addr';
import { trustProxy } from '../http/trust-proxy.ts';
import type { RequestContext } from '../http/request-context.ts';

declare module 'node:http' {
  interface ServerResponse {
    /** What made the answer a 5xx, for the request's line in the log. */
    err?: Error;
  }
}

const PROBES = new Set(['/health/live', '/health/ready']);

/** Where a request leads: the path that it asked for, and the one that is routed. */
export interface Paths {
  path: string;
  routed: string;
}

/**
 * Writes one line for each request when it is answered; health probes are left out, however they are spelt. See
 * docs/decisions/0004-request-log.md.
 */
export function requestLog(logger: Logger) {
  return (
    request: IncomingMessage,
    response: ServerResponse,
    context: RequestContext,
    { path, routed }: Paths,
  ): void => {
    if (PROBES.has(routed)) {
      return;
    }
    const startedAt = performance.now();
    response.on('close', () => {
      const { statusCode: status, err } = response;
      logger[status >= 500 ? 'warn' : 'info'](
        {
          ...context,
          method: request.method,
          path,
          status,
          durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
          client: clientOf(request),
          err,
        },
        response.writableFinished ? 'request answered' : 'the client went away',
      );
    });
  };
}

/** Most of the time nobody forwarded anything. */
function clientOf(request: IncomingMessage): string | undefined {
  return request.headers['x-forwarded-for'] === undefined
    ? request.socket.remoteAddress
    : proxyAddress(request, trustProxy);
}
