import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import { manifest } from '../version/manifest.ts';

/** Serves the OpenAPI document as `/docs` (a page) and `/docs-json`; it is made when it is first asked for. */
export function documentApi(app: INestApplication): void {
  // Behind a public IP the service speaks plain HTTP, and a browser told to upgrade would not load the page.
  app.use('/docs', helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  const config = new DocumentBuilder().setTitle('Slipway').setVersion(manifest.version).build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), { raw: ['json'] });
}
