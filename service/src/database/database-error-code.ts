import type { DatabaseErrorCode } from './database.error.ts';
import { PasswordFileError } from './password-file.error.ts';

/** SQLSTATE codes (PostgreSQL manual, appendix A) that have a meaning of their own here. */
const BY_SQLSTATE: Record<string, DatabaseErrorCode> = {
  '28P01': 'DB_AUTH_FAILED', // invalid_password
  '28000': 'DB_AUTH_FAILED', // invalid_authorization_specification
  '42501': 'DB_AUTH_FAILED', // insufficient_privilege: no CONNECT on the database
  '3D000': 'DB_NOT_FOUND', // invalid_catalog_name
  '53300': 'DB_BUSY', // too_many_connections
  '57014': 'DB_TIMEOUT', // query_canceled, by a statement_timeout of the server
};

/** Messages by which pg and pg-pool tell apart what has no code. */
const BY_MESSAGE: [RegExp, DatabaseErrorCode][] = [
  [/^timeout exceeded when trying to connect$/, 'DB_BUSY'],
  [/^Connection terminated due to connection timeout$/, 'DB_TIMEOUT'],
  [/^Query read timeout$/, 'DB_TIMEOUT'],
  [/^The server does not support SSL connections$/, 'DB_TLS_FAILED'],
  [/^There was an error establishing an SSL connection$/, 'DB_TLS_FAILED'],
  [/^SASL: /, 'DB_AUTH_FAILED'],
];

/** Node's codes of a failed handshake and of a certificate that is not trusted (Node manual, TLS and X.509 errors). */
const TLS_CODE =
  /^(ERR_(SSL|TLS)_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|EPROTO$)/;

/**
 * The code for whatever pg threw.
 *
 * @param connected whether the pool holds a connection that the server has accepted. Where it holds none, waiting
 * for a place in the pool was waiting for the network.
 */
export function databaseErrorCode(error: unknown, connected: boolean): DatabaseErrorCode {
  if (error instanceof PasswordFileError) {
    return 'DB_AUTH_FAILED';
  }
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === '28000' && /no encryption|SSL off/.test(message)) {
    return 'DB_TLS_FAILED'; // the server wants TLS and DB_SSLMODE says otherwise
  }
  if (TLS_CODE.test(code)) {
    return 'DB_TLS_FAILED';
  }
  if (code === 'ETIMEDOUT') {
    return 'DB_TIMEOUT';
  }
  const found = BY_SQLSTATE[code] ?? BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  if (found === 'DB_BUSY' && code === '' && !connected) {
    return 'DB_TIMEOUT';
  }
  return found ?? 'DB_UNREACHABLE';
}
