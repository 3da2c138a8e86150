import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { certificateAuthority } from '@slipway/test-helpers/database/certificates';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { Migrations } from '@slipway/test-helpers/migrations';
import { ServiceProcess } from '@slipway/test-helpers/service-process';
import { ACCESS_RULES, SimulatedRds, type RdsSettings } from '../../emulator/rds/simulated-rds.ts';
import { TaskRoles } from '../../emulator/rds/task-roles.ts';

const HOST = 'localhost';
const REGION = 'eu-west-1';
const SERVICE_USER = 'slipway_service';

const expectUnavailable = async (of: ServiceProcess, code: string) => {
  const answer = await of.get('/connect');
  expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code })]);
};

/** The built service and its migrations, against what RDS is in front of PostgreSQL. */
describe('signing in with a token', () => {
  let database: Database;
  let roles: TaskRoles;
  let settings: RdsSettings;
  let rds: SimulatedRds;
  let authorityFile: string;
  let service: ServiceProcess | undefined;

  beforeAll(async () => {
    database = await Database.start();
    await database.query('CREATE ROLE rds_iam');
    const authority = await certificateAuthority();
    authorityFile = path.join(database.directory, 'ca.crt');
    await writeFile(authorityFile, authority.certificate);
    await database.setAccessRules(...ACCESS_RULES);
    roles = await TaskRoles.start();
    const { DB_USER: user, DB_PASSWORD: password, DB_DATABASE } = database.variables();
    settings = {
      host: HOST,
      region: REGION,
      certificate: await authority.sign(HOST),
      server: { port: database.port, user, password, database: DB_DATABASE },
      roles,
      mayConnect: (role, as) => role === 'task' && as === SERVICE_USER,
    };
    rds = await SimulatedRds.open(settings);
    const migrations = new Migrations({ withOwn: true });
    // The master user has a password, here as there.
    const { code } = await migrations.run(through(rds));
    migrations.remove();
    assert.equal(code, 0);
  });
  afterEach(() => service?.stop());
  afterAll(async () => {
    await rds.close();
    roles.stop();
    await database.stop();
  });

  const through = ({ port }: SimulatedRds) =>
    database.variables({
      DB_HOST: HOST,
      DB_PORT: String(port),
      DB_SSLMODE: 'verify-full',
      NODE_EXTRA_CA_CERTS: authorityFile,
    });
  /** A task's environment: no secret is in it. */
  const task = (role = 'task', to = rds) => ({
    ...through(to),
    ...roles.variables(role),
    AWS_REGION: REGION,
    DB_AUTH: 'iam',
    DB_USER: SERVICE_USER,
    DB_PASSWORD: '',
  });
  const start = async (variables: Record<string, string> = task()) => {
    service = await ServiceProcess.start(variables);
    return service;
  };
  const expectConnects = async () => expect((await service!.get('/connect')).status).toBe(200);
  const disconnect = () =>
    database.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'slipway'`,
    );

  it('lets the service in as its own user, with a token for each new connection', async () => {
    await start();
    await expectConnects();
    expect(
      await database.query(
        `SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'slipway'`,
      ),
    ).toEqual([{ usename: SERVICE_USER }]);
    await disconnect();
    await eventually(expectConnects);
    expect(rds.refusals).toEqual([]);
    expect(service!.output).not.toMatch(/X-Amz|ASIA/);
  });

  const expectRefused = async (why: RegExp, by = rds) => {
    await expectUnavailable(service!, 'DB_AUTH_FAILED');
    expect(by.refusals.at(-1)).toMatch(why);
    expect(service!.output).not.toMatch(/X-Amz|ASIA/);
  };

  it('refuses another role', async () => {
    await start(task('stranger'));
    await expectRefused(/^stranger may not connect as slipway_service$/);
  });

  it('refuses another user', async () => {
    await database.query('CREATE ROLE somebody LOGIN IN ROLE rds_iam');
    await start({ ...task(), DB_USER: 'somebody' });
    await expectRefused(/^task may not connect as somebody$/);
  });

  it('refuses a token of another region', async () => {
    await start({ ...task(), AWS_REGION: 'us-east-1' });
    await expectRefused(/^it is for us-east-1\//);
  });

  it.each<[string, Partial<RdsSettings>, RegExp]>([
    ['another host', { host: 'db.example' }, /^it is for localhost:/],
    ['another port', { port: 5432 }, /^it is for localhost:/],
    ['a token that has expired', { now: () => new Date(Date.now() + 901_000) }, /^it has expired$/],
    [
      'credentials that nobody was given',
      { roles: { find: () => undefined } as unknown as TaskRoles },
      /^nobody was given its key$/,
    ],
    [
      'a signature with another secret',
      {
        roles: {
          find: (key: string) => ({ ...roles.find(key), secretAccessKey: 'another' }),
        } as unknown as TaskRoles,
      },
      /^its signature is wrong$/,
    ],
  ])('refuses %s', async (_what, others, why) => {
    const other = await SimulatedRds.open({ ...settings, ...others });
    await start(task('task', other));
    await expectRefused(why, other);
    await other.close();
  });

  it('has a code for credentials that cannot be had, and open connections go on', async () => {
    await start();
    await expectConnects();
    roles.outage = 500;
    const late = await ServiceProcess.start(task());
    try {
      await expectUnavailable(late, 'DB_CREDENTIALS_UNAVAILABLE');
      await expectConnects();
      roles.outage = undefined;
      await eventually(async () => expect((await late.get('/connect')).status).toBe(200));
    } finally {
      roles.outage = undefined;
      await late.stop();
    }
  });

  it('takes no connection without TLS', async () => {
    await start({ ...task(), DB_AUTH: 'password', DB_PASSWORD: 'x', DB_SSLMODE: 'disable' });
    await expectUnavailable(service!, 'DB_TLS_FAILED');
  });

  it('never sends a token without verified TLS', async () => {
    await start({ ...task(), NODE_EXTRA_CA_CERTS: '' });
    await expectUnavailable(service!, 'DB_TLS_FAILED');
  });
});
