import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Pool } from 'pg';
import { environment, type Environment } from '../config/environment.ts';
import { DatabaseHealth } from './database.health.ts';
import { DatabaseService } from './database.service.ts';
import { GuardedClient } from './guard/guarded-client.ts';
import { poolOptions } from './pool-options.ts';

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [
    {
      provide: Pool,
      inject: [environment.KEY],
      useFactory: (settings: Environment) => new Pool({ ...poolOptions(settings), Client: GuardedClient }),
    },
    DatabaseService,
    DatabaseHealth,
  ],
  exports: [DatabaseService, DatabaseHealth],
})
export class DatabaseModule {}
