import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { Migrations } from '@slipway/test-helpers/migrations';

const SERVICE_USER = 'slipway_service';

describe('dist/migrate.js', () => {
  let server: Database;
  let migrations: Migrations;
  let database: string;
  let databases = 0;
  beforeAll(async () => {
    server = await Database.start();
    // As Amazon RDS has it.
    await server.query('CREATE ROLE rds_iam');
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = `d${(databases += 1)}`;
    await server.query(`CREATE DATABASE ${database}`);
    migrations = new Migrations();
  });
  afterEach(() => migrations.remove());

  const variables = () => server.variables({ DB_DATABASE: database });
  const migrate = () => migrations.run(variables());
  const query = async <Row extends object>(sql: string, user = 'postgres', password?: string) => {
    const { DB_PASSWORD } = server.variables();
    const client = new Client({
      host: '127.0.0.1',
      port: server.port,
      database,
      user,
      password: password ?? DB_PASSWORD,
    });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const applied = async () =>
    (await query<{ name: string }>('SELECT name FROM migrations.applied ORDER BY id')).map(
      ({ name }) => name,
    );
  const tables = async () =>
    (
      await query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`)
    ).map(({ name }) => name);

  it('applies what is missing, in order and once, a line each', async () => {
    migrations.write('0010_more.sql', 'ALTER TABLE orders ADD COLUMN note text;');
    migrations.write(
      '0009_orders.sql',
      '-- Two statements.\nCREATE TABLE orders (id int);\nSELECT 1 -- the last one',
    );
    migrations.write('notes.txt', 'not a migration');
    const { code, log } = await migrate();
    expect(code).toBe(0);
    expect(log).toMatchObject([
      { level: 'info', migration: '0009_orders', durationMs: expect.any(Number) },
      { level: 'info', migration: '0010_more', durationMs: expect.any(Number) },
      { level: 'info', count: 2 },
    ]);
    migrations.write('0011_last.sql', 'CREATE TABLE last (id int);');
    expect((await migrate()).log).toMatchObject([{ migration: '0011_last' }, { count: 1 }]);
    expect((await migrate()).log).toMatchObject([{ count: 0 }]);
    expect(await applied()).toEqual(['0009_orders', '0010_more', '0011_last']);
  });

  describe('a migration that fails', () => {
    const HALF = 'CREATE TABLE half (id int);';

    it.each([
      [
        'a statement that the data does not fit',
        `${HALF} INSERT INTO orders VALUES ('hunter2'); ALTER TABLE orders ADD UNIQUE (name);`,
        { statement: 3, code: '23505' },
      ],
      ['a value of another type', `${HALF} SELECT name::int FROM orders;`, { statement: 2, code: '22P02' }],
      ['a name that is not there', `${HALF}\n\nSELECT nowhere;`, { statement: 2, line: 3, code: '42703' }],
      ['a mistake of grammar', `${HALF}\n\n\nCREATE TABEL 'hunter2';`, { line: 4, code: '42601' }],
    ])('with %s: names the place and no data, and nothing of it stays', async (_, sql, place) => {
      migrations.write(
        '1_orders.sql',
        `CREATE TABLE orders (name text); INSERT INTO orders VALUES ('hunter2');`,
      );
      migrations.write('2_broken.sql', sql);
      migrations.write('3_never.sql', 'CREATE TABLE never (id int);');
      const { code, log } = await migrate();
      expect(code).toBe(1);
      expect(log[1]).toMatchObject({ level: 'error', file: '2_broken.sql', ...place });
      expect(JSON.stringify(log)).not.toMatch(/hunter2|SELECT|CREATE/);
      expect(await tables()).toEqual(['orders']);
      expect(await applied()).toEqual(['1_orders']);

      migrations.write('2_broken.sql', 'CREATE TABLE whole (id int);');
      expect((await migrate()).code).toBe(0);
      expect(await tables()).toEqual(['orders', 'whole', 'never']);
    });
  });

  it('notices a migration that ends its own transaction', async () => {
    migrations.write('1_orders.sql', 'CREATE TABLE orders (id int); COMMIT;');
    const { code, log } = await migrate();
    expect(code).toBe(1);
    expect(log).toMatchObject([
      {
        file: '1_orders.sql',
        err: { cause: { message: 'it ends its transaction itself: what it did stays' } },
      },
    ]);
  });

  it('refuses files that do not fit what was applied before', async () => {
    migrations.write('2_second.sql', 'SELECT 2;');
    await migrate();
    migrations.write('1_first.sql', 'SELECT 1;');
    const { code, log } = await migrate();
    expect(code).toBe(1);
    expect(JSON.stringify(log)).toContain(
      'Not run migration 1_first is preceding already run migration 2_second',
    );
  });

  it('lets one of several at once do the work, also without a transaction', async () => {
    migrations.write('1_slow.sql', 'CREATE TABLE orders (id int);\nSELECT pg_sleep(2);');
    migrations.write(
      '2_index.sql',
      '-- no transaction\nCREATE INDEX CONCURRENTLY orders_id ON orders (id);\n-- so',
    );
    const runs = await Promise.all([migrate(), migrate(), migrate()]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(
      runs.map(({ log }) => Number(log.at(-1)?.['count'])).toSorted((one, other) => one - other),
    ).toEqual([0, 0, 2]);
    expect(JSON.stringify(runs)).toContain('another run applies migrations; waiting for it');
  });

  const INTERRUPTED = { level: 'error', msg: 'interrupted: the migration at work is rolled back' };

  it.each([
    ['SIGTERM', 1, [INTERRUPTED]],
    ['SIGINT', 1, [INTERRUPTED]],
    ['SIGKILL', null, []],
  ] as const)('leaves nothing behind after %s', async (signal, code, log) => {
    migrations.write('1_orders.sql', 'CREATE TABLE orders (id int);\nSELECT pg_sleep(600);');
    const run = migrations.start(variables());
    await eventually(async () => {
      expect(
        await query(
          `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
        ),
      ).toHaveLength(1);
    }, 500);
    run.child.kill(signal);
    expect(await run.exit).toBe(code);
    expect(run.log).toMatchObject(log);
    migrations.write('1_orders.sql', 'CREATE TABLE orders (id int);');
    expect((await migrate()).code).toBe(0);
    expect(await tables()).toEqual(['orders']);
  });

  it('gives a lock up that it does not get, so that nobody waits behind it', async () => {
    await query('CREATE TABLE orders (id int)');
    const reader = new Client({
      host: '127.0.0.1',
      port: server.port,
      database,
      user: 'postgres',
      password: server.variables().DB_PASSWORD,
    });
    await reader.connect();
    await reader.query('BEGIN; SELECT FROM orders');
    migrations.write('1_orders.sql', 'ALTER TABLE orders ADD COLUMN note text;');
    expect(await migrations.run({ ...variables(), DB_QUERY_TIMEOUT_MS: '1000' })).toMatchObject({
      code: 1,
      log: [{ file: '1_orders.sql', statement: 1, code: '55P03' }],
    });
    await reader.end();
    expect((await migrate()).code).toBe(0);
  });

  it.each([
    [{ DB_PASSWORD: 'wrong' }, 'DB_AUTH_FAILED'],
    [{ DB_DATABASE: 'nowhere' }, 'DB_NOT_FOUND'],
    [{ DB_PORT: '1' }, 'DB_UNREACHABLE'],
    [{ DB_SSLMODE: 'verify-full' }, 'DB_TLS_FAILED'],
  ])('says with the code of the service what is wrong: %j', async (overrides, code) => {
    const run = await migrations.run({ ...variables(), ...overrides });
    expect(run).toMatchObject({ code: 1, log: [{ level: 'error', code }] });
  });

  it('says which variable is missing', async () => {
    const run = migrations.start({ ...variables(), DB_USER: '' });
    expect(await run.exit).toBe(1);
    expect(run.output).toBe('The configuration is not valid: DB_USER is required.\n');
  });

  it("makes the service's user, who reads and writes data and changes no schema", async () => {
    migrations.remove();
    migrations = new Migrations({ withOwn: true });
    await query('CREATE TABLE older (id int)');
    migrations.write('9998_orders.sql', 'CREATE TABLE orders (id serial, name text);');
    expect((await migrate()).code).toBe(0);
    const PASSWORD = 'a password of the test';
    await query(`ALTER ROLE ${SERVICE_USER} PASSWORD '${PASSWORD}'`);
    const asService = (sql: string) => query(sql, SERVICE_USER, PASSWORD);

    await asService(`INSERT INTO orders (name) VALUES ('a')`);
    await asService(`UPDATE orders SET name = 'b'`);
    expect(await asService('SELECT * FROM orders')).toEqual([{ id: 1, name: 'b' }]);
    await asService('DELETE FROM orders');
    await asService('INSERT INTO older VALUES (1)');
    for (const sql of [
      'CREATE TABLE mine (id int)',
      'CREATE SCHEMA mine',
      'ALTER TABLE orders ADD COLUMN mine int',
      'DROP TABLE orders',
      'TRUNCATE orders',
      'CREATE INDEX ON orders (name)',
      'SELECT FROM migrations.applied',
      'CREATE ROLE mine',
    ]) {
      await expect(asService(sql)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it("makes the service's user once for all databases of a server, and for a token where rds_iam is there", async () => {
    migrations.remove();
    migrations = new Migrations({ withOwn: true });
    await server.query(`CREATE DATABASE ${database}_too`);
    const runs = [variables(), { ...variables(), DB_DATABASE: `${database}_too` }].map((one) =>
      migrations.run(one),
    );
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0]);
    expect(await query(`SELECT pg_has_role('${SERVICE_USER}', 'rds_iam', 'member') AS "hasToken"`)).toEqual([
      { hasToken: true },
    ]);
  });
});
