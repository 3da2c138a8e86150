import { describe, expect, it } from '@jest/globals';
import { connectErrorCode, queryErrorCode } from './database-error-code.ts';
import { ProtocolError } from './guard/protocol.error.ts';
import { CredentialsError } from './iam/credentials.error.ts';
import { PasswordFileError } from './password-file.error.ts';

const error = (code: string | undefined, message = '') => Object.assign(new Error(message), { code });
/** As Node reports a failed system call. */
const networkError = (code: string) => Object.assign(error(code), { syscall: 'read' });

/** The same whether a connection was being made or used. */
const ALWAYS = [
  ['08006', 'DB_UNREACHABLE'], // connection_failure
  ['08P01', 'DB_UNREACHABLE'], // protocol_violation
  ['57P01', 'DB_UNREACHABLE'], // admin_shutdown
  ['57P02', 'DB_UNREACHABLE'], // crash_shutdown
  ['57P03', 'DB_UNREACHABLE'], // cannot_connect_now
  ['57P04', 'DB_NOT_FOUND'], // database_dropped
  ['57014', 'DB_TIMEOUT'], // query_canceled
  ['53300', 'DB_BUSY'], // too_many_connections
  ['53200', 'DB_BUSY'], // out_of_memory
  ['53100', 'DB_BUSY'], // disk_full
  ['ETIMEDOUT', 'DB_TIMEOUT'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'DB_TLS_FAILED'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'DB_TLS_FAILED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DB_TLS_FAILED'],
  ['CERT_HAS_EXPIRED', 'DB_TLS_FAILED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'DB_TLS_FAILED'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'DB_TLS_FAILED'],
  ['EPROTO', 'DB_TLS_FAILED'],
] as const;

describe('connectErrorCode', () => {
  it.each([
    ...ALWAYS,
    ['28P01', 'DB_AUTH_FAILED'], // invalid_password
    ['28000', 'DB_AUTH_FAILED'], // invalid_authorization_specification
    ['42501', 'DB_AUTH_FAILED'], // no CONNECT on the database
    ['3D000', 'DB_NOT_FOUND'],
    ['55000', 'DB_UNREACHABLE'], // the database is not currently accepting connections
    ['XX000', 'DB_UNREACHABLE'],
  ] as const)('%s is %s', (code, expected) => {
    expect(connectErrorCode(error(code), true)).toBe(expected);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', 'EHOSTUNREACH'])(
    '%s is DB_UNREACHABLE',
    (code) => {
      expect(connectErrorCode(networkError(code), true)).toBe('DB_UNREACHABLE');
    },
  );

  it.each([
    ['The server does not support SSL connections', 'DB_TLS_FAILED'],
    ['There was an error establishing an SSL connection', 'DB_TLS_FAILED'],
    ['Connection terminated due to connection timeout', 'DB_TIMEOUT'],
    ['Connection terminated unexpectedly', 'DB_UNREACHABLE'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string', 'DB_AUTH_FAILED'],
    ['SASL: SCRAM-SERVER-FINAL-MESSAGE: server returned error: "invalid-proof"', 'DB_AUTH_FAILED'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: nonce missing', 'DB_UNREACHABLE'],
    ['SASL: Only mechanism(s) SCRAM-SHA-256 are supported', 'DB_UNREACHABLE'],
    ['something new', 'DB_UNREACHABLE'],
  ])('"%s" is %s', (message, expected) => {
    expect(connectErrorCode(error(undefined, message), true)).toBe(expected);
  });

  it.each([
    ['no pg_hba.conf entry for host "10.0.0.1", user "a", database "b", no encryption', 'DB_TLS_FAILED'],
    ['no pg_hba.conf entry for host "10.0.0.1", user "a", database "b", SSL off', 'DB_TLS_FAILED'],
    ['no pg_hba.conf entry for host "10.0.0.1", user "a", database "b", SSL encryption', 'DB_AUTH_FAILED'],
    [
      'pg_hba.conf rejects connection for host "10.0.0.1", user "a", database "b", no encryption',
      'DB_AUTH_FAILED',
    ],
  ])('28000 with "%s" is %s', (message, expected) => {
    expect(connectErrorCode(error('28000', message), true)).toBe(expected);
  });

  it('calls waiting for the pool a timeout where no connection was ever made', () => {
    const waited = error(undefined, 'timeout exceeded when trying to connect');
    expect(connectErrorCode(waited, true)).toBe('DB_BUSY');
    expect(connectErrorCode(waited, false)).toBe('DB_TIMEOUT');
    expect(connectErrorCode(error('53300'), false)).toBe('DB_BUSY');
  });

  it('counts a password file that cannot be read as failed authentication', () => {
    expect(connectErrorCode(new PasswordFileError(error('ENOENT')), true)).toBe('DB_AUTH_FAILED');
  });

  it('has a code of its own for credentials that cannot be had', () => {
    expect(connectErrorCode(new CredentialsError('a test'), true)).toBe('DB_CREDENTIALS_UNAVAILABLE');
  });

  it('does not take what has no meaning for anything else', () => {
    expect(connectErrorCode(new ProtocolError('28P01'), true)).toBe('DB_UNREACHABLE');
  });
});

describe('queryErrorCode', () => {
  it.each(ALWAYS)('%s is %s', (code, expected) => {
    expect(queryErrorCode(error(code))).toBe(expected);
  });

  it.each(['42P01', '42501', '28000', '3D000', '23505', '40001', 'XX000', 'P0001'])(
    '%s is the fault of the query',
    (code) => {
      expect(queryErrorCode(error(code))).toBeUndefined();
    },
  );

  it.each([
    [networkError('ECONNRESET'), 'DB_UNREACHABLE'],
    [networkError('EPIPE'), 'DB_UNREACHABLE'],
    [new ProtocolError('no'), 'DB_UNREACHABLE'],
    [error(undefined, 'Connection terminated unexpectedly'), 'DB_UNREACHABLE'],
    [error(undefined, 'Client has encountered a connection error and is not queryable'), 'DB_UNREACHABLE'],
    [error(undefined, 'Query read timeout'), 'DB_TIMEOUT'],
    [new TypeError('a value that cannot be sent'), undefined],
  ])('%s is %s', (thrown, expected) => {
    expect(queryErrorCode(thrown)).toBe(expected);
  });
});
