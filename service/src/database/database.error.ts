/** What can be wrong with the database, as clients see it. The codes are part of the API and stay as they are. */
export const DATABASE_ERROR_CODES = {
  DB_UNREACHABLE: 'The database does not accept connections.',
  DB_TIMEOUT: 'The database did not answer in time.',
  DB_AUTH_FAILED: 'The database refused the credentials.',
  DB_CREDENTIALS_UNAVAILABLE: 'The credentials for the database cannot be had.',
  DB_NOT_FOUND: 'The database server has no such database.',
  DB_TLS_FAILED: 'No trusted encrypted connection to the database could be made.',
  DB_BUSY: 'The database, or the pool of connections to it, has no capacity left.',
} as const;

export type DatabaseErrorCode = keyof typeof DATABASE_ERROR_CODES;

/** Thrown when a round trip to the database fails. The message is safe to publish; `cause` is for the log only. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, cause: unknown) {
    super(DATABASE_ERROR_CODES[code], { cause });
    this.code = code;
  }
}
