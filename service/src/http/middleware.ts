import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';
import { environment, type Environment } from '../config/environment.ts';
import { MAX_TIMER_MS } from '../config/parse-environment.ts';
import { ROOT_LOGGER } from '../logging/logging.module.ts';
import { requestLog } from '../logging/request-log.ts';
import { DrainingService } from '../lifecycle/draining.service.ts';
import { sendProblem } from '../problem/send-problem.ts';
import type { HttpAdapter } from './adapter.ts';
import { refuse } from './refuse.ts';
import { refuseConnections } from './refuse-connections.ts';
import { contextOf, requestContext } from './request-context.ts';
import { queryOf, requestPath, routablePath } from './request-path.ts';
import { setSecurityHeaders } from './security-headers.ts';

/**
 * Beyond the database's bound: how long a connection may carry nothing while there is an answer to send. Node cuts it
 * off when it looks twice, so long apart, and nothing has moved.
 */
const STALLED_TIMEOUT_MS = 5000;

/** Everything between the socket and the routes, in its order. */
export function useMiddleware(app: INestApplication, adapter: HttpAdapter): void {
  const logger = app.get<Logger>(ROOT_LOGGER);
  const log = requestLog(logger);
  adapter.useBeforeExpress((request, response, next) => {
    const context = contextOf(request);
    requestContext.run(context, () => {
      const path = requestPath(request);
      const routed = routablePath(path);
      log(request, response, context, { path, routed });
      response.setHeader('X-Request-Id', context.requestId);
      setSecurityHeaders(response);
      const refusal = refuse(request);
      if (refusal === undefined) {
        request.url = routed + queryOf(request);
        next();
      } else {
        for (const [name, value] of Object.entries(refusal.headers ?? {})) {
          response.setHeader(name, value);
        }
        sendProblem(response, refusal.problem);
      }
    });
  });
  const server = app.getHttpServer() as Server;
  const { DB_CONNECT_TIMEOUT_MS, DB_QUERY_TIMEOUT_MS } = app.get<Environment>(environment.KEY);
  server.timeout = Math.min(DB_CONNECT_TIMEOUT_MS + DB_QUERY_TIMEOUT_MS + STALLED_TIMEOUT_MS, MAX_TIMER_MS);
  refuseConnections(server, logger, app.get(DrainingService));
}
