import { Module } from '@nestjs/common';
import { HelloController } from './hello.controller.ts';

@Module({ controllers: [HelloController] })
export class HelloModule {}
