import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger as PinoLogger } from 'nestjs-pino';
import { AppModule } from './app.module.ts';
import { environment, type Environment } from './config/environment.ts';
import { documentApi } from './docs/document-api.ts';
import { addressFor, httpAdapter } from './http/adapter.ts';
import { harden } from './http/harden.ts';
import { reportFailedStart } from './lifecycle/failed-start.ts';

try {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, httpAdapter(), {
    abortOnError: false,
    bodyParser: false,
    // Nest's account of its own wiring is no news; ours begins with the first line worth reading.
    logger: false,
  });
  harden(app);
  documentApi(app);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  const server: Server = await app.listen(addressFor(app.get<Environment>(environment.KEY).API_PORT));
  app.useLogger(app.get(PinoLogger));
  const { port } = server.address() as AddressInfo;
  new Logger('Slipway').log({ url: `http://localhost:${port}` }, 'listening');
} catch (error) {
  reportFailedStart(error);
}
