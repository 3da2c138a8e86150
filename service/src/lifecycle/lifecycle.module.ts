import { Module } from '@nestjs/common';
import { DrainingService } from './draining.service.ts';

@Module({ providers: [DrainingService], exports: [DrainingService] })
export class LifecycleModule {}
