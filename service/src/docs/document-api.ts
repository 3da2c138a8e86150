import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { manifest } from '../version/manifest.ts';

/** Serves the OpenAPI document as `/docs` (a page) and `/docs-json`; it is made when it is first asked for. */
export function documentApi(app: NestFastifyApplication): void {
  const config = new DocumentBuilder().setTitle('Slipway').setVersion(manifest.version).build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), { raw: ['json'] });
}
