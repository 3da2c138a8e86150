import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { ServiceProcess } from '@slipway/test-helpers/service-process';
import { ROOT } from '@slipway/test-helpers/root';

describe('the routes', () => {
  let database: Database;
  let service: ServiceProcess;
  beforeAll(async () => {
    database = await Database.start();
    service = await ServiceProcess.start({ ...database.variables(), GIT_SHA: 'c0ffee' });
  });
  afterAll(async () => {
    await service.stop();
    await database.stop();
  });

  const json = async (route: string) => {
    const answer = await service.get(route);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    return answer.json();
  };

  it('GET / answers with a message', async () => {
    expect(await json('/')).toEqual({ message: expect.any(String) });
  });

  it('GET /connect answers with what the server itself says', async () => {
    const [row] = await database.query<{ banner: string }>('SELECT version() AS banner');
    expect(await json('/connect')).toEqual({
      engine: 'PostgreSQL',
      version: /^PostgreSQL (\d+\.\d+)/.exec(row?.banner ?? '')?.[1],
      banner: row?.banner,
    });
  });

  it('GET /health/live', async () => {
    expect(await json('/health/live')).toEqual({ status: 'ok' });
  });

  it('GET /health/ready', async () => {
    expect(await json('/health/ready')).toEqual({ status: 'ok', database: 'up' });
  });

  it('GET /version', async () => {
    const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
    const version = (await json('/version')) as { startedAt: string };
    expect(version).toEqual({
      name: 'slipway',
      version: manifest.version,
      commit: 'c0ffee',
      node: process.version,
      startedAt: expect.any(String),
    });
    expect(Date.parse(version.startedAt)).toBeLessThanOrEqual(Date.now());
  });

  it('HEAD answers as GET does, without the body', async () => {
    const answer = await service.get('/', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });

  it('writes one line a request, and none for a probe', async () => {
    const id = `line-${process.pid}`;
    await service.get('/health/live', { headers: { 'X-Request-Id': id } });
    await service.get('/health/ready', { headers: { 'X-Request-Id': id } });
    await service.get('/version?token=hunter2', { headers: { 'X-Request-Id': id } });
    await eventually(() => {
      expect(service.log().filter((line) => line['requestId'] === id)).toEqual([
        expect.objectContaining({
          level: 'info',
          service: 'slipway',
          commit: 'c0ffee',
          method: 'GET',
          path: '/version',
          status: 200,
          durationMs: expect.any(Number),
        }),
      ]);
    });
  });

  it('never logs the password or a query string', () => {
    expect(service.output).not.toContain(database.variables()['DB_PASSWORD']);
    expect(service.output).not.toContain('hunter2');
  });
});
