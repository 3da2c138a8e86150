import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

interface OpenApi {
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, unknown> }> }>>;
}

describe('the OpenAPI document', () => {
  let database: Database;
  let service: ServiceProcess;
  let document: OpenApi;
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));

  beforeAll(async () => {
    database = await Database.start();
    service = await ServiceProcess.start(database.variables());
    document = (await (await service.get('/docs-json')).json()) as OpenApi;
    ajv.addSchema(document, 'openapi');
  });
  afterAll(async () => {
    await service.stop();
    await database.stop();
  });

  /** Holds a real answer to what the document says of it: status, media type, and each member of the body. */
  const expectDocumented = async (route: string, status: number) => {
    const answer = await service.get(route);
    expect(answer.status).toBe(status);
    const mediaType = answer.headers.get('content-type')?.split(';')[0] ?? '';
    expect(Object.keys(document.paths[route]?.['get']?.responses[status]?.content ?? {})).toEqual([
      mediaType,
    ]);
    const pointer = ['paths', route, 'get', 'responses', status, 'content', mediaType, 'schema']
      .map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const body = await answer.json();
    const valid = ajv.validate(`openapi#/${pointer}`, body);
    expect({ body, errors: valid ? [] : ajv.errors }).toEqual({ body, errors: [] });
  };

  it('names every route, and only with GET', () => {
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/',
      '/connect',
      '/health/live',
      '/health/ready',
      '/version',
    ]);
    expect(Object.values(document.paths).map((operations) => Object.keys(operations))).toEqual(
      Array.from({ length: 5 }, () => ['get']),
    );
  });

  it.each(['/', '/connect', '/health/live', '/health/ready', '/version'])(
    'tells the truth of GET %s',
    async (route) => {
      await expectDocumented(route, 200);
    },
  );

  it('tells the truth of the answers while the database is gone', async () => {
    await database.halt();
    await expectDocumented('/connect', 503);
    await eventually(async () => {
      expect(await (await service.get('/health/ready')).json()).toMatchObject({ database: 'degraded' });
    });
    await expectDocumented('/health/ready', 200);
    await database.resume();
  });

  it('tells the truth of a service that never reached its database', async () => {
    const ready = service;
    service = await ServiceProcess.start(database.variables({ DB_PASSWORD: 'wrong' }));
    await expectDocumented('/health/ready', 503);
    await service.stop();
    service = ready;
  });

  it('would notice an answer that is not documented', () => {
    const pointer = 'openapi#/paths/~1connect/get/responses/200/content/application~1json/schema';
    expect(ajv.validate(pointer, { engine: 'MySQL', version: '8', banner: '' })).toBe(false);
    expect(ajv.validate(pointer, { engine: 'PostgreSQL' })).toBe(false);
  });
});
