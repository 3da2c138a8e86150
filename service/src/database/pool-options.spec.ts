import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { parseEnvironment } from '../config/parse-environment.ts';
import { PasswordFileError } from './password-file.error.ts';
import { poolOptions } from './pool-options.ts';

/** How often ECS and the load balancer ask: iac/application/template.tf and load_balancer.tf. */
const PROBE_INTERVAL_MS = 10_000;

const BASE = { DB_DATABASE: 'app', DB_HOST: 'db.example', DB_USER: 'app' };
const options = (variables: Record<string, string>) =>
  poolOptions(parseEnvironment({ ...BASE, ...variables }));

describe('poolOptions', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('bounds connecting, waiting and querying', () => {
    const bounds = {
      DB_PASSWORD: 'x',
      DB_POOL_MAX: '4',
      DB_CONNECT_TIMEOUT_MS: '5',
      DB_QUERY_TIMEOUT_MS: '6',
    };
    expect(options(bounds)).toMatchObject({ max: 4, connectionTimeoutMillis: 5, query_timeout: 6 });
  });

  it('keeps an idle connection for longer than the gap between two probes, and probes it', () => {
    const { idleTimeoutMillis, keepAlive, keepAliveInitialDelayMillis } = options({ DB_PASSWORD: 'x' });
    expect(idleTimeoutMillis).toBeGreaterThanOrEqual(3 * PROBE_INTERVAL_MS);
    expect(keepAlive).toBe(true);
    expect(keepAliveInitialDelayMillis).toBeGreaterThan(0);
  });

  it('reads a password file anew for each connection, without its last line break', async () => {
    const DB_PASSWORD_FILE = path.join(folder, 'password');
    const password = options({ DB_PASSWORD_FILE }).password as () => Promise<string>;
    await expect(password()).rejects.toThrow(PasswordFileError);
    await writeFile(DB_PASSWORD_FILE, 'first\n');
    await expect(password()).resolves.toBe('first');
    await writeFile(DB_PASSWORD_FILE, 'second');
    await expect(password()).resolves.toBe('second');
  });

  it.each([
    ['disable', false],
    ['require', { rejectUnauthorized: false }],
    ['verify-full', { rejectUnauthorized: true }],
  ])('DB_SSLMODE=%s', (DB_SSLMODE, expected) => {
    expect(options({ DB_PASSWORD: 'x', DB_SSLMODE }).ssl).toEqual(expected);
  });

  it("trusts Amazon's certificates alone for an RDS host", () => {
    const DB_HOST = 'db.abc.eu-west-1.rds.amazonaws.com.';
    const ssl = options({ DB_PASSWORD: 'x', DB_HOST }).ssl as ConnectionOptions;
    expect(ssl).toEqual({
      rejectUnauthorized: true,
      secureContext: expect.objectContaining({ context: expect.anything() }),
    });
  });
});
