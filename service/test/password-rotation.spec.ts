import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { expectUnavailable } from './support/problem.ts';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

describe('a password that changes under a running service', () => {
  let database: Database;
  let service: ServiceProcess;
  let folder: string;
  beforeAll(async () => {
    database = await Database.start();
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-'));
    await database.query(`CREATE ROLE app LOGIN PASSWORD 'first'`);
  });
  afterEach(() => service.stop());
  afterAll(async () => {
    await database.stop();
    await rm(folder, { recursive: true });
  });

  const expectConnects = async () => expect((await service.get('/connect')).status).toBe(200);
  const rotate = (password: string) => database.query(`ALTER ROLE app PASSWORD '${password}'`);
  /** Ends the service's connections, as a failover does: only new ones can follow. */
  const disconnect = async () => {
    await database.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'slipway'`,
    );
  };

  it('in DB_PASSWORD: open connections go on, new ones fail until the database takes it again', async () => {
    service = await ServiceProcess.start(database.variables({ DB_USER: 'app', DB_PASSWORD: 'first' }));
    await expectConnects();
    await rotate('second');
    await expectConnects();
    await disconnect();
    await eventually(() => expectUnavailable(service, '/connect', 'DB_AUTH_FAILED'));
    await rotate('first');
    await eventually(expectConnects);
  });

  it('in DB_PASSWORD: requests that would want a new connection wait for an open one', async () => {
    const variables = database.variables({ DB_USER: 'app', DB_PASSWORD: 'first' });
    service = await ServiceProcess.start(variables);
    await expectConnects();
    await rotate('second');
    try {
      const answers = await Promise.all(Array.from({ length: 40 }, () => service.get('/connect')));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    } finally {
      await rotate('first');
    }
  });

  it('in DB_PASSWORD_FILE: new connections use what the file says now', async () => {
    const DB_PASSWORD_FILE = path.join(folder, 'password');
    await writeFile(DB_PASSWORD_FILE, 'first\n');
    const variables = database.variables({ DB_USER: 'app', DB_PASSWORD: '', DB_PASSWORD_FILE });
    service = await ServiceProcess.start(variables);
    await expectConnects();
    await rotate('second');
    await writeFile(DB_PASSWORD_FILE, 'second\n');
    await disconnect();
    await eventually(expectConnects);
    await rm(DB_PASSWORD_FILE);
    await disconnect();
    await eventually(() => expectUnavailable(service, '/connect', 'DB_AUTH_FAILED'));
  });
});
