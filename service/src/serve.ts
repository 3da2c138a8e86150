import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger as PinoLogger } from 'pino';
import { AppModule } from './app.module.ts';
import { environment, type Environment } from './config/environment.ts';
import { warnOfUnusedVariables } from './config/unused-variables.ts';
import { documentApi } from './docs/document-api.ts';
import { HttpAdapter } from './http/adapter.ts';
import { useMiddleware } from './http/middleware.ts';
import { listenOptions } from './http/listen-options.ts';
import { reportFailedStart } from './lifecycle/failed-start.ts';
import { NestLogger } from './logging/nest-logger.ts';
import { ROOT_LOGGER } from './logging/logging.module.ts';

/**
 * Starts the service; resolves once it listens, and SIGTERM and SIGINT shut it down in order. Where it cannot start, the
 * process ends with exit code 1 and the reason.
 */
export async function serve(): Promise<void> {
  try {
    await start();
  } catch (error) {
    reportFailedStart(error);
  }
}

async function start(): Promise<void> {
  const adapter = new HttpAdapter();
  const app = await NestFactory.create(AppModule, adapter, {
    abortOnError: false,
    bodyParser: false,
    // Nest's account of its own wiring is no news, and what stops the start is said by failed-start.ts.
    logger: false,
  });
  useMiddleware(app, adapter);
  await app.init();
  // Behind the routes, which are asked for more often.
  documentApi(app);
  const { API_PORT } = app.get<Environment>(environment.KEY);
  // Nest passes it on to Node's `listen`, which takes more than Nest's type says.
  const server = (await app.listen(listenOptions(API_PORT) as unknown as number)) as Server;
  app.useLogger(new NestLogger(app.get<PinoLogger>(ROOT_LOGGER)));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  const { port } = server.address() as AddressInfo;
  warnOfUnusedVariables(process.env);
  new Logger('Slipway').log({ url: `http://localhost:${port}` }, 'listening');
}
