import type { DatabaseErrorCode } from './database.error.ts';
import { ProtocolError } from './guard/protocol.error.ts';
import { CredentialsError } from './iam/credentials.error.ts';
import { PasswordFileError } from './password-file.error.ts';

type Meanings = [RegExp, DatabaseErrorCode][];

/** SQLSTATE codes (PostgreSQL manual, appendix A) that mean the same whenever they come. */
const BY_SQLSTATE: Meanings = [
  [/^08...$/, 'DB_UNREACHABLE'], // connection_exception
  [/^57P0[1235]$/, 'DB_UNREACHABLE'], // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
  [/^57P04$/, 'DB_NOT_FOUND'], // database_dropped
  [/^57014$/, 'DB_TIMEOUT'], // query_canceled, by a statement_timeout of the server
  [/^53...$/, 'DB_BUSY'], // insufficient_resources: connections, memory, disk
];

/** Those that a server turns a new connection down with. */
const BY_SQLSTATE_OF_A_REFUSAL: Meanings = [
  [/^28...$/, 'DB_AUTH_FAILED'], // invalid_authorization_specification
  [/^42501$/, 'DB_AUTH_FAILED'], // insufficient_privilege: no CONNECT on the database
  [/^3D000$/, 'DB_NOT_FOUND'], // invalid_catalog_name
];

/** Messages by which pg and pg-pool tell apart what has no code. */
const BY_MESSAGE: Meanings = [
  [/^timeout exceeded when trying to connect$/, 'DB_BUSY'],
  [/^Connection terminated due to connection timeout$/, 'DB_TIMEOUT'],
  [/^Query read timeout$/, 'DB_TIMEOUT'],
  [/^Connection terminated/, 'DB_UNREACHABLE'],
  [/^Client (was closed|has encountered a connection error) and is not queryable$/, 'DB_UNREACHABLE'],
  [/^The server does not support SSL connections$/, 'DB_TLS_FAILED'],
  [/^There was an error establishing an SSL connection$/, 'DB_TLS_FAILED'],
  [/^SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be /, 'DB_AUTH_FAILED'],
  [/^SASL: SCRAM-SERVER-FINAL-MESSAGE: server returned error: /, 'DB_AUTH_FAILED'],
];

/** Node's codes of a failed handshake and of a certificate that is not trusted (Node manual, TLS and X.509 errors). */
const TLS_CODE =
  /^(ERR_(SSL|TLS)_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|EPROTO$)/;

/** The server wants TLS, and DB_SSLMODE says otherwise. A rule that rejects the connection for good ends like this too. */
const WANTS_TLS = /^no pg_hba\.conf entry .*(no encryption|SSL off)$/;

/**
 * The code for whatever a connection could not be made with.
 *
 * @param connected whether the pool holds a connection that the server has accepted. Where it holds none, waiting
 * for a place in the pool was waiting for the network.
 */
export function connectErrorCode(error: unknown, connected: boolean): DatabaseErrorCode {
  if (error instanceof PasswordFileError) {
    return 'DB_AUTH_FAILED';
  }
  if (error instanceof CredentialsError) {
    return 'DB_CREDENTIALS_UNAVAILABLE';
  }
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === '28000' && WANTS_TLS.test(message)) {
    return 'DB_TLS_FAILED';
  }
  const found = meaningOf(error) ?? firstMatch(BY_SQLSTATE_OF_A_REFUSAL, code);
  if (found === 'DB_BUSY' && code === '' && !connected) {
    return 'DB_TIMEOUT';
  }
  return found ?? 'DB_UNREACHABLE';
}

/** The code for whatever a query failed with; undefined when the database works, and it is the query that failed. */
export function queryErrorCode(error: unknown): DatabaseErrorCode | undefined {
  // What Node says of a connection that is gone names the call that noticed.
  const isOfNetwork = (error as { syscall?: string }).syscall !== undefined;
  return meaningOf(error) ?? (isOfNetwork ? 'DB_UNREACHABLE' : undefined);
}

function meaningOf(error: unknown): DatabaseErrorCode | undefined {
  if (error instanceof ProtocolError) {
    return 'DB_UNREACHABLE';
  }
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (TLS_CODE.test(code)) {
    return 'DB_TLS_FAILED';
  }
  if (code === 'ETIMEDOUT') {
    return 'DB_TIMEOUT';
  }
  return code === '' ? firstMatch(BY_MESSAGE, message) : firstMatch(BY_SQLSTATE, code);
}

function firstMatch(meanings: Meanings, text: string): DatabaseErrorCode | undefined {
  return meanings.find(([pattern]) => pattern.test(text))?.[1];
}
