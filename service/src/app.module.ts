import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { environment } from './config/environment.ts';
import { ConnectModule } from './connect/connect.module.ts';
import { HealthModule } from './health/health.module.ts';
import { HelloModule } from './hello/hello.module.ts';
import { LoggingModule } from './logging/logging.module.ts';
import { ProblemFilter } from './problem/problem.filter.ts';
import { VersionModule } from './version/version.module.ts';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, load: [environment] }),
    LoggingModule,
    HelloModule,
    ConnectModule,
    HealthModule,
    VersionModule,
  ],
  providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
})
export class AppModule {}
