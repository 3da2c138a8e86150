/** The application that `nest new` makes, on Express, with its defaults. */
import { NestFactory } from '@nestjs/core';
import { listening } from '../listening.mjs';
import { AppModule } from './app.module.ts';

const app = await NestFactory.create(AppModule);
listening(app.getHttpServer());
await app.listen(0, '127.0.0.1');
