import { Query } from 'pg';

/** What `Query` of pg 8 has beside what its types say. */
declare module 'pg' {
  interface Query {
    handleCommandComplete(message: unknown, connection: unknown): void;
  }
}

/** A text of any number of statements, which knows how many of them the server has completed. */
export class StatementCounter extends Query {
  completed = 0;

  override handleCommandComplete(message: unknown, connection: unknown): void {
    this.completed += 1;
    super.handleCommandComplete(message, connection);
  }
}
