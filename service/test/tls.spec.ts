import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { certificateAuthority } from '@slipway/test-helpers/database/certificates';
import { Database } from '@slipway/test-helpers/database/database';
import { expectUnavailable } from './support/problem.ts';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

describe('TLS to the database', () => {
  let plain: Database;
  let database: Database;
  let authorityFile: string;
  let service: ServiceProcess | undefined;

  beforeAll(async () => {
    [plain, database] = await Promise.all([Database.start(), Database.start()]);
    const authority = await certificateAuthority();
    authorityFile = path.join(database.directory, 'ca.crt');
    await writeFile(authorityFile, authority.certificate);
    await database.enableTls(await authority.sign('localhost'));
    await database.query(`CREATE ROLE tls_only LOGIN PASSWORD 'a password'`);
    await database.setAccessRules(
      'hostssl all tls_only 127.0.0.1/32 scram-sha-256',
      'host    all postgres 127.0.0.1/32 scram-sha-256',
    );
  });
  afterEach(() => service?.stop());
  afterAll(() => Promise.all([plain.stop(), database.stop()]));

  const start = async (server: Database, overrides: Record<string, string>) => {
    service = await ServiceProcess.start(server.variables(overrides));
    return service;
  };
  const usesTls = async () => {
    const [row] = await database.query<{ ssl: boolean }>(
      `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'slipway'`,
    );
    return row?.ssl;
  };

  it('verify-full connects where the authority is trusted and the host is the one in the certificate', async () => {
    const trusted = { DB_HOST: 'localhost', DB_SSLMODE: 'verify-full', NODE_EXTRA_CA_CERTS: authorityFile };
    const { status } = await (await start(database, trusted)).get('/connect');
    expect(status).toBe(200);
    expect(await usesTls()).toBe(true);
  });

  it('verify-full refuses an authority that is not trusted', async () => {
    const untrusted = { DB_HOST: 'localhost', DB_SSLMODE: 'verify-full' };
    await expectUnavailable(await start(database, untrusted), '/connect', 'DB_TLS_FAILED');
  });

  it('verify-full refuses a certificate of another host', async () => {
    const elsewhere = { DB_HOST: '127.0.0.1', DB_SSLMODE: 'verify-full', NODE_EXTRA_CA_CERTS: authorityFile };
    await expectUnavailable(await start(database, elsewhere), '/connect', 'DB_TLS_FAILED');
  });

  it('require encrypts, whatever the certificate', async () => {
    const { status } = await (await start(database, { DB_SSLMODE: 'require' })).get('/connect');
    expect(status).toBe(200);
    expect(await usesTls()).toBe(true);
  });

  it.each(['require', 'verify-full'])('%s refuses a server without TLS', async (DB_SSLMODE) => {
    await expectUnavailable(await start(plain, { DB_SSLMODE }), '/connect', 'DB_TLS_FAILED');
  });

  it('disable is told when the server insists on TLS', async () => {
    const insisting = { DB_USER: 'tls_only', DB_PASSWORD: 'a password', DB_SSLMODE: 'disable' };
    await expectUnavailable(await start(database, insisting), '/connect', 'DB_TLS_FAILED');
  });
});
