import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { ROOT_LOGGER } from '../logging/logging.module.ts';
import { requestLog } from '../logging/request-log.ts';
import { answerClientError } from './client-error.ts';
import { readOnly } from './read-only.middleware.ts';
import { trustProxy } from './trust-proxy.ts';

/** Above the load balancer's idle timeout of 60 s: it must never send on a connection that is being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A whole request has to arrive within this; it is no more than its headers, because no body is read. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Everything between the socket and the routes. Call it before any route is registered. */
export function harden(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', trustProxy);

  app.use(requestLog(app.get<Logger>(ROOT_LOGGER)));
  app.use(
    // Behind a public IP the service speaks plain HTTP, and a browser told to upgrade would not load /docs.
    helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }),
  );
  app.use(readOnly);

  hardenServer(app.getHttpServer());
}

function hardenServer(server: Server): void {
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.on('clientError', answerClientError);
  // With a listener of ours, Node does not invite the client to send the body that we would refuse.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
}
