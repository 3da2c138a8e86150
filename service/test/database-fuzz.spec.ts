import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DATABASE_ERROR_CODES } from '../src/database/database.error.ts';
import { certificateAuthority } from '@slipway/test-helpers/database/certificates';
import { eventually } from '@slipway/test-helpers/eventually';
import { FakePostgres, WELL_BEHAVED, type Step } from './support/fake-postgres.ts';
import { FOREIGN, misbehaviour } from './support/misbehaviour.ts';
import { dataRow, message } from './support/postgres-messages.ts';
import { expectUnavailable } from './support/problem.ts';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

/** To see a failure again, give the seed that it printed. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const POOL_MAX = 100;

/** What a connection that falls silent costs: the run waits for hundreds of them. */
const SHORT = { DB_CONNECT_TIMEOUT_MS: '250', DB_QUERY_TIMEOUT_MS: '250' };

describe.each([
  { transport: 'in the clear', connections: 2000, DB_SSLMODE: 'disable' },
  { transport: 'over TLS', connections: 400, DB_SSLMODE: 'require' },
])('a database that sends anything, $transport', ({ connections, DB_SSLMODE }) => {
  let fake: FakePostgres;
  let service: ServiceProcess;
  beforeAll(async () => {
    const certificate = await (await certificateAuthority()).sign('localhost');
    fake = await FakePostgres.start(DB_SSLMODE === 'disable' ? undefined : certificate);
    service = await ServiceProcess.start(
      fake.variables({ ...SHORT, DB_SSLMODE, DB_POOL_MAX: String(POOL_MAX) }),
    );
  });
  afterAll(async () => {
    await service.stop();
    await fake.stop();
  });

  /** One request; what it answers is documented. */
  const ask = async () => {
    const answer = await service.get('/connect', { signal: AbortSignal.timeout(30_000) });
    const { code, version } = (await answer.json()) as { code?: string; version?: unknown };
    switch (answer.status) {
      case 200:
        return expect(version).toEqual(expect.any(String));
      case 503:
        return expect(Object.keys(DATABASE_ERROR_CODES)).toContain(code);
      default:
        return expect([answer.status, code]).toEqual([500, 'INTERNAL_ERROR']);
    }
  };

  it(`neither ends nor confuses the service (seed ${SEED})`, async () => {
    const behaviours = fc.sample(misbehaviour, { seed: SEED, numRuns: connections });
    fake.behaviour = (number) => behaviours[number] ?? WELL_BEHAVED;
    const askAll = async () => {
      while (fake.connections < connections) {
        await ask();
      }
    };
    await Promise.all(Array.from({ length: POOL_MAX }, askAll));

    expect(service.child.exitCode).toBeNull();
    expect(service.log().filter(({ level }) => level === 'fatal')).toEqual([]);
    await eventually(async () => expect((await service.get('/connect')).status).toBe(200));
    await eventually(() => expect(fake.open).toBeLessThanOrEqual(POOL_MAX));
    // Thousands of connections on a machine that is busy with something else.
  }, 600_000);
});

describe('a database that does not speak the protocol', () => {
  let fake: FakePostgres;
  let service: ServiceProcess;
  beforeAll(async () => {
    fake = await FakePostgres.start();
    service = await ServiceProcess.start(fake.variables({ DB_CONNECT_TIMEOUT_MS: '20000' }));
  });
  afterAll(async () => {
    await service.stop();
    await fake.stop();
  });

  /** From now on this is what is sent for the message that has this number. */
  const send = async (place: number, steps: (own: Buffer) => Step[]) => {
    fake.behaviour = () => ({
      authentication: 'trust',
      send: (own, number) => (number === place ? steps(own) : [own]),
    });
    fake.cut();
    await eventually(() => expect(fake.open).toBe(0));
  };
  const { 'a thousand notices': notices, ...meaningless } = FOREIGN;

  it.each(Object.entries(meaningless))(
    '%s instead of an authentication: DB_UNREACHABLE',
    async (_name, bytes) => {
      await send(0, (own) => [Buffer.concat([bytes, own])]);
      await expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
    },
  );

  it.each(['an empty error', 'an error without an end', 'a notice without an end'])(
    '%s and nothing after it, where pg looks for the end for ever: DB_UNREACHABLE',
    async (name) => {
      await send(0, () => [meaningless[name] as Buffer, 'silence']);
      await expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
    },
  );

  it('notices may come at any time', async () => {
    for (const place of [0, 2, 4, 6]) {
      await send(place, (own) => [Buffer.concat([notices as Buffer, own])]);
      await eventually(async () => expect((await service.get('/connect')).status).toBe(200));
    }
  });

  it.each([
    ['rows', dataRow('18.4', 'PostgreSQL')],
    ['rows without a byte', dataRow('', '')],
    ['bytes of one message', message('D', Buffer.alloc(1000), 0x7fffffff)],
  ])('%s for ever: DB_UNREACHABLE, long before the bound', async (_name, forEver) => {
    await send(6, () => [{ forEver }]);
    await expectUnavailable(service, '/connect', 'DB_UNREACHABLE');
  });
});
