import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.ts';
import { LifecycleModule } from '../lifecycle/lifecycle.module.ts';
import { HealthController } from './health.controller.ts';

@Module({ imports: [DatabaseModule, LifecycleModule], controllers: [HealthController] })
export class HealthModule {}
