import { Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { environment, type Environment } from '../config/environment.ts';
import { rootLogger } from './root-logger.ts';

/** The token of the pino logger that everything writes through. */
export const ROOT_LOGGER = Symbol('ROOT_LOGGER');

@Module({
  imports: [
    LoggerModule.forRootAsync({
      providers: [
        {
          provide: ROOT_LOGGER,
          inject: [environment.KEY],
          useFactory: (settings: Environment) => rootLogger(settings),
        },
      ],
      inject: [ROOT_LOGGER],
      // Requests are logged by request-log.ts, which also sees what no route of Nest handles.
      useFactory: (logger: Logger) => ({ pinoHttp: { logger }, forRoutes: [] }),
    }),
  ],
})
export class LoggingModule {}
