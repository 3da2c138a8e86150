import { describe, expect, it } from '@jest/globals';
import { databaseErrorCode } from './database-error-code.ts';
import { PasswordFileError } from './password-file.error.ts';

const error = (code: string | undefined, message = '') => Object.assign(new Error(message), { code });

describe('databaseErrorCode', () => {
  it.each([
    ['ECONNREFUSED', 'DB_UNREACHABLE'],
    ['ENOTFOUND', 'DB_UNREACHABLE'],
    ['EAI_AGAIN', 'DB_UNREACHABLE'],
    ['ECONNRESET', 'DB_UNREACHABLE'],
    ['57P01', 'DB_UNREACHABLE'], // admin_shutdown
    ['57P03', 'DB_UNREACHABLE'], // cannot_connect_now
    ['ETIMEDOUT', 'DB_TIMEOUT'],
    ['57014', 'DB_TIMEOUT'],
    ['28P01', 'DB_AUTH_FAILED'],
    ['28000', 'DB_AUTH_FAILED'],
    ['42501', 'DB_AUTH_FAILED'],
    ['3D000', 'DB_NOT_FOUND'],
    ['53300', 'DB_BUSY'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'DB_TLS_FAILED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'DB_TLS_FAILED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DB_TLS_FAILED'],
    ['CERT_HAS_EXPIRED', 'DB_TLS_FAILED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'DB_TLS_FAILED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'DB_TLS_FAILED'],
    ['EPROTO', 'DB_TLS_FAILED'],
  ])('%s is %s', (code, expected) => {
    expect(databaseErrorCode(error(code), true)).toBe(expected);
  });

  it.each([
    ['The server does not support SSL connections', 'DB_TLS_FAILED'],
    ['There was an error establishing an SSL connection', 'DB_TLS_FAILED'],
    ['Connection terminated due to connection timeout', 'DB_TIMEOUT'],
    ['Query read timeout', 'DB_TIMEOUT'],
    ['Connection terminated unexpectedly', 'DB_UNREACHABLE'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string', 'DB_AUTH_FAILED'],
    ['something new', 'DB_UNREACHABLE'],
  ])('"%s" is %s', (message, expected) => {
    expect(databaseErrorCode(error(undefined, message), true)).toBe(expected);
  });

  it('tells a server that insists on TLS from wrong credentials', () => {
    const refused = error(
      '28000',
      'no pg_hba.conf entry for host "10.0.0.1", user "a", database "b", no encryption',
    );
    expect(databaseErrorCode(refused, true)).toBe('DB_TLS_FAILED');
  });

  it('calls waiting for the pool a timeout where no connection was ever made', () => {
    const waited = error(undefined, 'timeout exceeded when trying to connect');
    expect(databaseErrorCode(waited, true)).toBe('DB_BUSY');
    expect(databaseErrorCode(waited, false)).toBe('DB_TIMEOUT');
    expect(databaseErrorCode(error('53300'), false)).toBe('DB_BUSY');
  });

  it('counts a password file that cannot be read as failed authentication', () => {
    expect(databaseErrorCode(new PasswordFileError(error('ENOENT')), true)).toBe('DB_AUTH_FAILED');
  });
});
