import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { FakePostgres, WELL_BEHAVED, type Behaviour } from '../../test/support/fake-postgres.ts';
import { report } from '../../test/support/postgres-messages.ts';
import { parseEnvironment } from '../config/parse-environment.ts';
import { DatabaseService } from './database.service.ts';
import { GuardedClient } from './guard/guarded-client.ts';
import { poolOptions } from './pool-options.ts';
import { QueryError } from './query.error.ts';

Logger.overrideLogger(false);

let service: DatabaseService;
function connectTo(variables: Record<string, string>): DatabaseService {
  const settings = parseEnvironment(variables);
  const pool = new Pool({ ...poolOptions(settings), Client: GuardedClient });
  service = new DatabaseService(pool, settings);
  return service;
}
afterEach(() => service.onApplicationShutdown());

describe('DatabaseService.query', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.start();
    await database.query('CREATE TABLE pet (name text PRIMARY KEY)');
    await database.query(`INSERT INTO pet VALUES ('Rex')`);
  });
  afterAll(() => database.stop());

  it('gives the rows', async () => {
    connectTo(database.variables());
    const { rows } = await service.query<{ name: string }>('SELECT name FROM pet WHERE name = $1', ['Rex']);
    expect(rows).toEqual([{ name: 'Rex' }]);
  });

  it.each([
    ['SELECT * FROM nowhere', [], '42P01'],
    ['INSERT INTO pet VALUES ($1)', ['Rex'], '23505'],
    ['SELECT $1::int', ['hunter2'], '22P02'],
    ['SELECT hunter2 FROM FROM', [], '42601'],
    ['SELECT 1; SELECT 2', [], undefined],
    [
      'SELECT $1::text',
      [
        {
          toPostgres: () => {
            throw new TypeError('no');
          },
        },
      ],
      undefined,
    ],
  ])('%s with %p fails by itself: QueryError %s, and the connection goes on', async (text, values, code) => {
    connectTo(database.variables({ DB_POOL_MAX: '1' }));
    const backend = async () => (await service.query('SELECT pg_backend_pid() AS pid')).rows[0];
    const before = await backend();
    const failure = await service.query(text, values).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(QueryError);
    expect(failure).toMatchObject({ code });
    expect(String((failure as Error).stack)).not.toContain('hunter2');
    expect(await backend()).toEqual(before);
  });
});

const refusing = (waitMs: number): Behaviour => ({
  authentication: 'trust',
  send: () => [{ waitMs }, report('E', '28P01', 'password authentication failed', 'FATAL'), 'silence'],
});
/** It signs in, and does not answer what it is asked. */
const mute: Behaviour = {
  authentication: 'trust',
  send: (message, number) => (number < 5 ? [message] : ['silence']),
};

describe('DatabaseService on a server that fails', () => {
  let fake: FakePostgres;
  beforeAll(async () => {
    fake = await FakePostgres.start();
  });
  afterAll(() => fake.stop());

  it('waits for a connection within one bound, however slow the refusals are', async () => {
    connectTo(
      fake.variables({ DB_POOL_MAX: '2', DB_CONNECT_TIMEOUT_MS: '1000', DB_QUERY_TIMEOUT_MS: '60000' }),
    );
    fake.behaviour = (number) => (number === 0 ? mute : refusing(950));
    const held = service.query('SELECT 1').catch(() => 'ended');
    await eventually(() => expect(fake.connections).toBe(1));
    await delay(50);
    const refused = service.query('SELECT 1').then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    );
    // Half of the bound for a slow machine: a second refusal, waited for, would be later.
    expect(await Promise.race([refused, delay(1500, 'still waiting')])).toBe('DB_AUTH_FAILED');
    await fake.stop();
    await held;
    fake = await FakePostgres.start();
  });

  it('leaves no connection open to a server that has refused it and does not hang up', async () => {
    connectTo(fake.variables());
    fake.behaviour = () => refusing(0);
    for (let count = 0; count < 5; count++) {
      await expect(service.engineVersion()).rejects.toMatchObject({ code: 'DB_AUTH_FAILED' });
    }
    await eventually(() => expect(fake.open).toBe(0));
  });

  it.each([
    ['42P01', undefined],
    ['XX000', undefined],
    ['53200', 'DB_BUSY'],
    ['57P01', 'DB_UNREACHABLE'],
  ])('a query that is refused with %s', async (sqlState, code) => {
    connectTo(fake.variables());
    fake.behaviour = () => ({
      authentication: 'trust',
      send: (message, number) =>
        number === 5 ? [report('E', sqlState, 'no')] : number < 8 && number > 5 ? [] : [message],
    });
    await expect(service.engineVersion()).rejects.toMatchObject({
      name: code === undefined ? 'QueryError' : 'DatabaseError',
      code: code ?? sqlState,
    });
    expect(service.hasAnswered).toBe(false);
  });

  it('an answer without a row is not the version', async () => {
    connectTo(fake.variables());
    fake.behaviour = () => ({
      ...WELL_BEHAVED,
      authentication: 'trust',
      send: (message, number) => (number === 6 ? [] : [message]),
    });
    await expect(service.engineVersion()).rejects.toThrow(QueryError);
    expect(service.hasAnswered).toBe(false);
  });
});
