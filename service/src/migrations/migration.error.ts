import type { DatabaseError } from '../database/database.error.ts';
import type { QueryError } from '../database/query.error.ts';

/** Where a migration failed, as far as the database said so. */
export interface Place {
  /** As in `0002_orders.sql`. */
  file: string;
  /** Counted from 1; undefined where the text could not even be taken apart. */
  statement?: number;
  /** Counted from 1; undefined for what is not wrong with the text, such as a value that is there twice. */
  line?: number;
}

/** Thrown when a migration fails. `cause` says why, without SQL and without data. */
export class MigrationError extends Error {
  override name = 'MigrationError';
  readonly place: Place;

  constructor(
    { file, statement, line }: Place,
    override readonly cause: DatabaseError | QueryError,
  ) {
    super([file, statement && `statement ${statement}`, line && `line ${line}`].filter(Boolean).join(', '));
    this.place = { file, statement, line };
  }
}
