import { DatabaseError as ServerError } from 'pg';

/** PostgreSQL quotes what it was given in these messages: values (class 22) and SQL (42601, syntax_error). */
const QUOTES_INPUT = /^(22|42601)/;

/**
 * Thrown when the database works and a query does not: the answer to the request is a 500, its details are for the log.
 * They hold no parameter and no SQL.
 */
export class QueryError extends Error {
  override name = 'QueryError';
  /** The SQLSTATE with which the database refused the query (PostgreSQL manual, appendix A), if it did. */
  readonly code: string | undefined;

  constructor(message: string, { code, cause }: { code?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
  }

  /** For whatever pg rejected a query with. */
  static from(error: unknown): QueryError {
    if (!(error instanceof ServerError) || error.code === undefined) {
      return new QueryError('a query could not be sent, or its answer not be used', { cause: error });
    }
    const { code, message } = error;
    const words = QUOTES_INPUT.test(code) ? message.replace(/".*"/s, '"…"') : message;
    return new QueryError(`a query failed: ${words}`, { code });
  }
}
