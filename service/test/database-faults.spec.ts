import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { FaultyProxy } from '@slipway/test-helpers/database/faulty-proxy';
import { expectUnavailable } from './support/problem.ts';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

const POOL_MAX = 3;

/** Bounds short enough to wait for, where they are what the test is about. */
const SHORT = { DB_CONNECT_TIMEOUT_MS: '700', DB_QUERY_TIMEOUT_MS: '700' };

describe('GET /connect with a database that fails', () => {
  let database: Database;
  let proxy: FaultyProxy;
  let service: ServiceProcess;
  beforeAll(async () => {
    database = await Database.start(['-c', 'max_connections=12']);
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    proxy = await new FaultyProxy(database.port).open();
  });
  afterEach(async () => {
    proxy.swallow(false);
    await service.stop();
    await proxy.refuse();
  });

  const start = async (overrides: Record<string, string> = {}) => {
    const variables = database.variables({ DB_PORT: String(proxy.port), DB_POOL_MAX: String(POOL_MAX) });
    service = await ServiceProcess.start({ ...variables, ...overrides });
  };
  const expectConnects = async () => expect((await service.get('/connect')).status).toBe(200);

  /** The service has recovered: it answers many at once, and holds no more connections than its pool may. */
  const expectRecovered = async () => {
    await eventually(expectConnects);
    await Promise.all(Array.from({ length: 4 * POOL_MAX }, expectConnects));
    await eventually(async () => expect(await database.backends()).toBeLessThanOrEqual(POOL_MAX));
  };

  it('refused: DB_UNREACHABLE, then recovers', async () => {
    await start();
    await expectConnects();
    await proxy.refuse();
    await expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
    await proxy.open();
    await expectRecovered();
  });

  it('stopped and started again: DB_UNREACHABLE, then recovers', async () => {
    await start();
    await expectConnects();
    await database.halt();
    await expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
    await database.resume();
    await expectRecovered();
  });

  it('unknown host: DB_UNREACHABLE', async () => {
    await start({ DB_HOST: 'no-such-host.invalid' });
    await expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
  });

  it('black-holed before the connection: DB_TIMEOUT, also for those who wait in line, then recovers', async () => {
    await start(SHORT);
    proxy.swallow(true);
    await Promise.all(
      Array.from({ length: 2 * POOL_MAX }, () => expectUnavailable(service, '/connect', 'DB_TIMEOUT')),
    );
    proxy.swallow(false);
    proxy.cut();
    await expectRecovered();
  });

  it('black-holed during the query: DB_TIMEOUT, then recovers', async () => {
    await start({ DB_QUERY_TIMEOUT_MS: SHORT.DB_QUERY_TIMEOUT_MS });
    await expectConnects();
    await service.connected();
    proxy.swallow(true);
    await expectUnavailable(service, '/connect', 'DB_TIMEOUT');
    proxy.swallow(false);
    proxy.cut();
    await expectRecovered();
  });

  it('cut during the query: DB_UNREACHABLE, then recovers', async () => {
    await start();
    await expectConnects();
    await service.connected();
    proxy.hold();
    const refused = expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
    await eventually(() => expect(proxy.heldPieces).toBe(1));
    proxy.cut();
    await refused;
    proxy.release();
    await expectRecovered();
  });

  it('every pooled connection in use: DB_BUSY and no hang, then recovers', async () => {
    await start({ DB_CONNECT_TIMEOUT_MS: SHORT.DB_CONNECT_TIMEOUT_MS, DB_QUERY_TIMEOUT_MS: '60000' });
    await Promise.all(Array.from({ length: POOL_MAX }, expectConnects));
    await eventually(async () => {
      await Promise.all(Array.from({ length: POOL_MAX }, expectConnects));
      expect(await database.backends()).toBe(POOL_MAX);
    });
    proxy.hold();
    const held = Array.from({ length: POOL_MAX }, expectConnects);
    await eventually(() => expect(proxy.heldPieces).toBe(POOL_MAX));
    await expectUnavailable(service, '/connect', 'DB_BUSY');
    proxy.release();
    await Promise.all(held);
    await expectRecovered();
  });

  it('a server with no connection left: DB_BUSY, then recovers', async () => {
    await eventually(async () => expect(await database.backends()).toBe(0));
    const others = await Promise.all(Array.from({ length: 12 }, () => database.connect()));
    await start();
    await expectUnavailable(service, '/connect', 'DB_BUSY');
    await Promise.all(others.map((client) => client.end()));
    await expectRecovered();
  });

  it('wrong password: DB_AUTH_FAILED', async () => {
    await start({ DB_PASSWORD: 'hunter2' });
    await expectUnavailable(service, '/connect', 'DB_AUTH_FAILED');
    expect(service.output).not.toContain('hunter2');
  });

  it('a server that turns away whoever comes from here: DB_AUTH_FAILED', async () => {
    await database.query('CREATE ROLE unwelcome LOGIN');
    await database.setAccessRules(
      'host all unwelcome 127.0.0.1/32 reject',
      'host all all       127.0.0.1/32 scram-sha-256',
    );
    await start({ DB_USER: 'unwelcome' });
    await expectUnavailable(service, '/connect', 'DB_AUTH_FAILED');
  });

  it('unknown database: DB_NOT_FOUND', async () => {
    await start({ DB_DATABASE: 'nowhere' });
    await expectUnavailable(service, '/connect', 'DB_NOT_FOUND');
  });

  it('says in the log what it does not tell the client', async () => {
    await start({ DB_DATABASE: 'nowhere' });
    await service.get('/connect', { headers: { 'X-Request-Id': 'the-one' } });
    const line = await eventually(() => {
      const found = service.log().find(({ requestId }) => requestId === 'the-one');
      expect(found).toBeDefined();
      return found;
    });
    expect(line).toMatchObject({
      level: 'warn',
      status: 503,
      err: { code: 'DB_NOT_FOUND', cause: { code: '3D000', message: 'database "nowhere" does not exist' } },
    });
  });
});
