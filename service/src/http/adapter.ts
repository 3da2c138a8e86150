import type { Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { networkInterfaces } from 'node:os';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import { answerClientError } from './client-error.ts';
import { routableUrl } from './request-path.ts';

/** Above the load balancer's idle timeout of 60 s: it must never send on a connection that is being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A whole request has to arrive within this; it is no more than its headers, because no body is read. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often Node looks for requests that are overdue; its default of 30 s would treble the wait. */
const OVERDUE_CHECK_MS = 1000;

const OPTIONS: FastifyHttpOptions<Server> = {
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: OVERDUE_CHECK_MS },
  clientErrorHandler: answerClientError,
  rewriteUrl: routableUrl,
  // The id that the request log has given it.
  genReqId: ({ requestId }) => requestId,
  // While the service drains, a request that still arrives is answered as any other.
  return503OnClosing: false,
};

/** Nest on Fastify: see docs/decisions/0008-fastify.md. */
export function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter(OPTIONS);
}

/** How many connections may wait to be accepted; Linux allows 4096, and a burst beyond Node's 511 waits for seconds. */
const BACKLOG = 4096;

/** Where to listen: on every address of the machine, as Node does by default; Fastify would choose loopback alone. */
export function addressFor(port: number): ListenOptions {
  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family }) => family === 'IPv6'),
  );
  return { port, host: hasIpv6 ? '::' : '0.0.0.0', backlog: BACKLOG };
}
