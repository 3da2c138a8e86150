import { Global, Module } from '@nestjs/common';
import { environment, type Environment } from '../config/environment.ts';
import { rootLogger } from './root-logger.ts';
import { StandardOutput } from './standard-output.ts';

/** The token of the pino logger that everything writes through. */
export const ROOT_LOGGER = Symbol('ROOT_LOGGER');

@Global()
@Module({
  providers: [
    StandardOutput,
    {
      provide: ROOT_LOGGER,
      inject: [environment.KEY, StandardOutput],
      useFactory: (settings: Environment, output: StandardOutput) => rootLogger(settings, output),
    },
  ],
  exports: [ROOT_LOGGER],
})
export class LoggingModule {}
