import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { FaultyProxy } from '@slipway/test-helpers/database/faulty-proxy';
import { expectUnavailable } from './support/problem.ts';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

describe('GET /health/ready', () => {
  let database: Database;
  let proxy: FaultyProxy;
  let service: ServiceProcess;
  beforeAll(async () => {
    database = await Database.start();
    proxy = await new FaultyProxy(database.port).open();
  });
  afterEach(() => service.stop());
  afterAll(async () => {
    await proxy.refuse();
    await database.stop();
  });

  const start = async (overrides: Record<string, string> = {}) => {
    service = await ServiceProcess.start({
      ...database.variables({ DB_PORT: String(proxy.port) }),
      ...overrides,
    });
  };
  const expectReady = async (body: object) => {
    const answer = await service.get('/health/ready');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(body);
  };
  const expectLive = async () => expect((await service.get('/health/live')).status).toBe(200);

  /** The lines that say how the database is. */
  const changes = () => service.log().filter((line) => line['database'] !== undefined);

  it('is red until the database has answered once, and says why', async () => {
    await proxy.refuse();
    await start();
    await expectUnavailable(service, '/health/ready', 'DB_UNREACHABLE');
    await expectLive();
    await proxy.open();
    await eventually(() => expectReady({ status: 'ok', database: 'up' }));
  });

  it('stays red while the credentials are wrong', async () => {
    await start({ DB_PASSWORD: 'hunter2' });
    await expectUnavailable(service, '/health/ready', 'DB_AUTH_FAILED');
    await expectLive();
  });

  it('is red on a black-holed network, although connecting may take longer than a probe waits', async () => {
    proxy.swallow(true);
    await start({ DB_CONNECT_TIMEOUT_MS: '60000' });
    await expectUnavailable(service, '/health/ready', 'DB_TIMEOUT');
    await expectLive();
    proxy.swallow(false);
    proxy.cut();
  });

  it('a later outage makes it degraded, not red, and it recovers by itself', async () => {
    await start();
    await expectReady({ status: 'ok', database: 'up' });
    await proxy.refuse();
    await eventually(() => expectReady({ status: 'degraded', database: 'degraded' }));
    await expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
    await expectLive();
    await proxy.open();
    await eventually(() => expectReady({ status: 'ok', database: 'up' }));
  });

  it('a black-holed network makes it degraded, not slow', async () => {
    await start({ DB_QUERY_TIMEOUT_MS: '60000', DB_POOL_MAX: '2' });
    await expectReady({ status: 'ok', database: 'up' });
    proxy.swallow(true);
    await eventually(() => expectReady({ status: 'degraded', database: 'degraded' }));
    proxy.swallow(false);
    proxy.cut();
    await eventually(() => expectReady({ status: 'ok', database: 'up' }));
  });

  it('any answer of the database counts, also one that /connect asked for', async () => {
    await start();
    expect((await service.get('/connect')).status).toBe(200);
    await proxy.refuse();
    await eventually(() => expectReady({ status: 'degraded', database: 'degraded' }));
    await proxy.open();
  });

  it('is a line in the log at each change, the first one without a probe, and no other', async () => {
    await proxy.refuse();
    await start({ DB_PASSWORD: 'hunter2' });
    await eventually(() =>
      expect(changes().at(-1)).toMatchObject({ database: 'down', code: 'DB_UNREACHABLE' }),
    );
    await expectUnavailable(service, '/health/ready', 'DB_UNREACHABLE');
    await proxy.open();
    await eventually(() => expectUnavailable(service, '/health/ready', 'DB_AUTH_FAILED'));
    await eventually(() =>
      expect(changes()).toEqual([
        expect.objectContaining({
          level: 'warn',
          database: 'down',
          code: 'DB_UNREACHABLE',
          err: expect.objectContaining({ cause: expect.objectContaining({ code: 'ECONNREFUSED' }) }),
        }),
        expect.objectContaining({
          level: 'warn',
          database: 'down',
          code: 'DB_AUTH_FAILED',
          err: expect.objectContaining({ cause: expect.objectContaining({ code: '28P01' }) }),
        }),
      ]),
    );
    expect(service.output).not.toContain('hunter2');
  });

  it('says in the log when the database answers, stops answering, and answers again', async () => {
    await start();
    await eventually(() => expect(changes()).toMatchObject([{ level: 'info', database: 'up' }]));
    await expectReady({ status: 'ok', database: 'up' });
    await proxy.refuse();
    await eventually(() => expectReady({ status: 'degraded', database: 'degraded' }));
    await expectReady({ status: 'degraded', database: 'degraded' });
    await proxy.open();
    await eventually(() => expectReady({ status: 'ok', database: 'up' }));
    await eventually(() =>
      expect(changes()).toMatchObject([
        { level: 'info', database: 'up' },
        { level: 'warn', database: 'degraded', code: 'DB_UNREACHABLE' },
        { level: 'info', database: 'up' },
      ]),
    );
  });

  it('many probes at once are one question to the database', async () => {
    await start();
    await Promise.all(Array.from({ length: 30 }, () => expectReady({ status: 'ok', database: 'up' })));
    expect(await database.backends()).toBe(1);
  });
});
