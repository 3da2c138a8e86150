import { Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { environment, type Environment } from '../config/environment.ts';
import { rootLogger } from './root-logger.ts';

/** The token of the pino logger that everything writes through. */
export const ROOT_LOGGER = Symbol('ROOT_LOGGER');

@Global()
@Module({
  providers: [
    {
      provide: ROOT_LOGGER,
      inject: [environment.KEY],
      useFactory: (settings: Environment) => rootLogger(settings),
    },
  ],
  exports: [ROOT_LOGGER],
})
class RootLoggerModule {}

@Module({
  imports: [
    RootLoggerModule,
    LoggerModule.forRootAsync({
      inject: [ROOT_LOGGER],
      // Requests are logged by request-log.ts, which also sees what no route of Nest handles.
      useFactory: (logger: ReturnType<typeof rootLogger>) => ({ pinoHttp: { logger }, forRoutes: [] }),
    }),
  ],
})
export class LoggingModule {}
