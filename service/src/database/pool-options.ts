import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig, PoolConfig } from 'pg';
import type { Environment } from '../config/parse-environment.ts';
import { rdsRegion } from '../config/rds-region.ts';
import { PasswordFileError } from './password-file.error.ts';
import { rdsCertificates } from './rds-certificates.ts';

/**
 * How long a connection may lie idle. Several times the gap between two probes, whose round trips then keep one open
 * while nothing else is asked: with a password that was rotated no other could be opened.
 */
const IDLE_TIMEOUT_MS = 60_000;
/** When an idle connection is probed by TCP, so that a peer that is gone is noticed. */
const KEEP_ALIVE_DELAY_MS = 10_000;

/** How one connection is made, and how long that may take. */
export function connectionOptions(environment: Environment): ClientConfig {
  return {
    host: environment.DB_HOST,
    port: environment.DB_PORT,
    database: environment.DB_DATABASE,
    user: environment.DB_USER,
    password: password(environment),
    ssl: tls(environment),
    connectionTimeoutMillis: environment.DB_CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  };
}

/** The pool's settings: every wait has a bound. */
export function poolOptions(environment: Environment): PoolConfig {
  return {
    ...connectionOptions(environment),
    max: environment.DB_POOL_MAX,
    query_timeout: environment.DB_QUERY_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    application_name: 'slipway',
  };
}

/** A password in a file is read for each new connection, so that a rotated one needs no restart; a token is made. */
function password(environment: Environment): ClientConfig['password'] {
  const { DB_AUTH, DB_PASSWORD, DB_PASSWORD_FILE } = environment;
  if (DB_AUTH === 'iam') {
    return token(environment);
  }
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

/** The signer is loaded by whoever needs it: a start with a password does without. */
function token(environment: Environment): () => Promise<string> {
  let tokens: Promise<() => Promise<string>> | undefined;
  return async () => {
    tokens ??= import('./iam/authentication-tokens.ts').then(({ authenticationTokens }) =>
      authenticationTokens(environment),
    );
    return (await tokens)();
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
      return { rejectUnauthorized: true, ...(rdsRegion(DB_HOST) && { secureContext: rdsCertificates() }) };
  }
}
