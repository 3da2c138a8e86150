import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Pool } from 'pg';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { Migrations } from '@slipway/test-helpers/migrations';
import { fencedCode } from './support/markdown.ts';

const SERVICE_USER = 'slipway_service';
const ROWS_BEFORE = 20_000;

/** The SQL of docs/migrations.md, by the comment that each block begins with. */
const page = readFileSync(new URL('../migrations.md', import.meta.url), 'utf8');
const blocks = new Map(
  fencedCode(page).flatMap((block) => {
    const [, title, sql] = /^```sql\n-- (.+)\n([^]*)```$/.exec(block) ?? [];
    return title === undefined || sql === undefined ? [] : [[title, sql] as const];
  }),
);
const sqlOf = (title: string) => {
  const sql = blocks.get(title);
  if (sql === undefined) throw new Error(`docs/migrations.md has no block "${title}"`);
  return sql;
};

/** A release's queries, asked without a pause by several at a time, as its requests would. */
class Release {
  answered = 0;
  readonly failures: string[] = [];
  private isServing = true;
  private readonly clients: Promise<void>[];
  private readonly statements: string[];

  constructor(
    title: string,
    private readonly pool: Pool,
  ) {
    this.statements = sqlOf(title).trim().split('\n');
    this.clients = Array.from({ length: 4 }, () => this.serve());
  }

  /** Waits until it has answered so many more: what happens meanwhile happens under load. */
  async goOn(): Promise<void> {
    const target = this.answered + 50;
    await eventually(() => assert(this.answered > target), 500);
  }

  async stop(): Promise<void> {
    this.isServing = false;
    await Promise.all(this.clients);
  }

  private async serve(): Promise<void> {
    const [insert = '', select = '', update = ''] = this.statements;
    while (this.isServing) {
      try {
        const { rows } = await this.pool.query<{ id: string }>(insert, ['first']);
        const id = rows[0]?.id;
        await this.pool.query(update, [id, 'second']);
        const read = await this.pool.query<Record<string, string>>(select, [id]);
        assert.deepEqual(Object.values(read.rows[0] ?? {}), ['second']);
        this.answered += 1;
      } catch (error) {
        this.failures.push((error as Error).message);
        return;
      }
    }
  }
}

describe('the example of docs/migrations.md', () => {
  let database: Database;
  let migrations: Migrations;
  let pool: Pool;
  beforeAll(async () => {
    database = await Database.start();
    migrations = new Migrations({ withOwn: true });
  });
  afterAll(async () => {
    await pool.end();
    migrations.remove();
    await database.stop();
  });

  const migrate = async (...files: string[]) => {
    files.forEach((file) => migrations.write(file, sqlOf(file)));
    const { code, log } = await migrations.run(database.variables());
    expect({ code, log }).toMatchObject({ code: 0 });
  };

  it('lets both releases serve over it, and fails no query', async () => {
    await migrate('0002_customers.sql');
    await database.query(
      `INSERT INTO customers (mail) SELECT 'mail ' || n FROM generate_series(1, ${ROWS_BEFORE}) AS n`,
    );
    await database.query(`ALTER ROLE ${SERVICE_USER} PASSWORD 'a password of the test'`);
    pool = new Pool({
      host: '127.0.0.1',
      port: database.port,
      database: 'postgres',
      user: SERVICE_USER,
      password: 'a password of the test',
    });

    const old = new Release('the release that serves', pool);
    await old.goOn();
    await migrate('0003_customers_email.sql', '0004_customers_fill_email.sql');
    await old.goOn();
    const next = new Release('the new release', pool);
    await Promise.all([next.goOn(), old.goOn()]);
    expect(
      await database.query(`SELECT count(*)::int AS apart FROM customers WHERE mail IS DISTINCT FROM email`),
    ).toEqual([{ apart: 0 }]);

    await old.stop();
    await migrate('0005_customers_drop_mail.sql');
    await next.goOn();
    await next.stop();
    expect([...old.failures, ...next.failures]).toEqual([]);

    // What the page says of contracting too early, and what shows that a query that fails is noticed.
    const tooOld = new Release('the release that serves', pool);
    await tooOld.stop();
    expect(tooOld.failures).toContain('column "mail" of relation "customers" does not exist');
  });
});
