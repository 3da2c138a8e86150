import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { environment, MAX_TIMER_MS, type Environment } from '../config/environment.ts';
import { ROOT_LOGGER } from '../logging/logging.module.ts';
import { refusalLog, requestLog } from '../logging/request-log.ts';
import { readOnly } from './read-only.hook.ts';
import { securityHeaders } from './security-headers.ts';

/**
 * Beyond the database's bounds: how long a connection may carry nothing while there is an answer to send. Node cuts it
 * off when it looks twice, so long apart, and nothing has moved.
 */
const STALLED_TIMEOUT_MS = 5000;

/** Everything between the socket and the routes. Call it before any route is registered. */
export function harden(app: NestFastifyApplication): void {
  const headers = securityHeaders();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('X-Request-Id', request.id);
    done();
  });
  fastify.addHook('onRequest', readOnly);

  const server: Server = app.getHttpServer();
  const { DB_CONNECT_TIMEOUT_MS, DB_QUERY_TIMEOUT_MS } = app.get<Environment>(environment.KEY);
  server.timeout = Math.min(DB_CONNECT_TIMEOUT_MS + DB_QUERY_TIMEOUT_MS + STALLED_TIMEOUT_MS, MAX_TIMER_MS);
  const logger = app.get<Logger>(ROOT_LOGGER);
  server.prependListener('request', requestLog(logger));
  server.prependListener('clientError', refusalLog(logger));
  // With a listener of ours, Node does not invite the client to send the body that we would refuse.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
}
