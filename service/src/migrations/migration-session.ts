import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunnerOption } from 'node-pg-migrate';
import type { ClientBase, DatabaseError as ServerError } from 'pg';
import { QueryError } from '../database/query.error.ts';
import { queryErrorCode } from '../database/database-error-code.ts';
import { DatabaseError } from '../database/database.error.ts';
import { MigrationError, type Place } from './migration.error.ts';
import { StatementCounter } from './statement-counter.ts';

/** The first line of a migration that cannot run in a transaction, as `CREATE INDEX CONCURRENTLY` cannot. */
const NO_TRANSACTION = /^-- no transaction\s*$/m;
const SYNTAX_ERROR = '42601';

type Loader = Exclude<NonNullable<RunnerOption['migrationLoaderStrategies']>[number]['loader'], string>;
type Unit = Awaited<ReturnType<Loader>>[number];

interface Text {
  file: string;
  sql: string;
  isInTransaction: boolean;
}

/** Stands between the library and the connection: it knows which migration is at work, and where in it that failed. */
export class MigrationSession {
  private current: Text | undefined;

  constructor(private readonly client: ClientBase) {}

  /** Reads the migrations for the library: plain SQL, none of which is undone. */
  readonly load: Loader = (files) => Promise.all(files.map((file) => this.unit(file)));

  /**
   * What the library calls of a client.
   *
   * @throws MigrationError when a migration fails
   * @throws DatabaseError, QueryError when what the library asks for itself fails
   */
  async query(sql: string): Promise<unknown> {
    const text = this.current?.sql === sql ? this.current : undefined;
    const query = new StatementCounter(sql);
    let answer: unknown;
    try {
      this.client.query(query);
      [answer] = (await once(query, 'end')) as [unknown];
    } catch (error) {
      const code = queryErrorCode(error);
      const refusal = code === undefined ? QueryError.from(error) : new DatabaseError(code, error);
      throw text ? new MigrationError(placeOf(text, query, error as ServerError), refusal) : refusal;
    }
    if (text?.isInTransaction && this.client.getTransactionStatus() !== 'T') {
      throw new MigrationError(text, new QueryError('it ends its transaction itself: what it did stays'));
    }
    return answer;
  }

  private async unit(filePath: string): Promise<Unit> {
    const content = (await readFile(filePath, 'utf8')).trimEnd();
    const text = {
      file: path.basename(filePath),
      // As the library would end it; on a line of its own, for the last one may be a comment.
      sql: content.endsWith(';') ? content : `${content}\n;`,
      isInTransaction: !NO_TRANSACTION.test(content.split('\n', 1)[0] as string),
    };
    return {
      id: filePath,
      filePaths: [filePath],
      actions: {
        up: (builder) => {
          this.current = text;
          if (text.isInTransaction) {
            builder.sql(text.sql);
            return;
          }
          builder.noTransaction();
          // It waits for whoever reads the table, and holds up nobody.
          builder.sql('SET lock_timeout = 0;');
          builder.sql(text.sql);
          builder.sql('RESET lock_timeout;');
        },
        down: false,
      },
    };
  }
}

function placeOf(
  { file, sql }: Text,
  { completed }: StatementCounter,
  { code, position }: ServerError,
): Place {
  // A text that cannot be parsed is refused as a whole, before its first statement.
  const isUnparsed = code === SYNTAX_ERROR && completed === 0;
  return {
    file,
    ...(!isUnparsed && { statement: completed + 1 }),
    ...(position !== undefined && { line: lineAt(sql, Number(position)) }),
  };
}

/** @param position counted from 1, in characters as PostgreSQL counts them */
function lineAt(text: string, position: number): number {
  const before = Array.from(text).slice(0, position - 1);
  return before.filter((character) => character === '\n').length + 1;
}
