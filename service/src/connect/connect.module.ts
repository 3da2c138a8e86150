import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.ts';
import { ConnectController } from './connect.controller.ts';

@Module({ imports: [DatabaseModule], controllers: [ConnectController] })
export class ConnectModule {}
