import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { connection } from './support/connection.ts';
import { eventually } from './support/eventually.ts';
import { NO_DATABASE } from './support/no-database.ts';
import { ROOT } from './support/service-process.ts';

const expectStopped = async (port: number) => expect(await connection(port)).toBe('refused');

/** `npm start` after its build, in a folder of its own, so that the developer's data stays untouched. */
describe('service/dev/start.mjs', () => {
  let root: string;
  let started: ChildProcess | undefined;
  let output = '';
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'slipway-clone-'));
    await cp(path.join(ROOT, 'service/dev'), path.join(root, 'service/dev'), { recursive: true });
    for (const name of ['dist', 'node_modules', 'package.json']) {
      await symlink(path.join(ROOT, name), path.join(root, name));
    }
  });
  afterEach(() => {
    if (started?.pid && started.exitCode === null) process.kill(-started.pid, 'SIGKILL');
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const expectNoData = () => expect(existsSync(path.join(root, '.data'))).toBe(false);

  /** In a process group of its own, as a terminal would run it. */
  const start = (variables: Record<string, string> = {}) => {
    output = '';
    const { PATH } = process.env;
    started = spawn(process.execPath, ['service/dev/start.mjs'], {
      cwd: root,
      env: { PATH, API_PORT: '0', ...variables },
      detached: true,
    });
    started.stdout?.on('data', (chunk) => (output += chunk));
    started.stderr?.on('data', (chunk) => (output += chunk));
    return { pid: started.pid as number, exited: once(started, 'exit') };
  };
  const listening = () =>
    eventually(() => /"url":"([^"]+)"/.exec(output)![1]!.replace('localhost', '127.0.0.1'));
  const databasePort = () =>
    Number(/embedded PostgreSQL on port (\d+), for development only/.exec(output)?.[1]);
  const query = async (sql: string) => {
    const password = await readFile(path.join(root, '.data/postgres-password'), 'utf8');
    const client = new Client({ host: '127.0.0.1', port: databasePort(), user: 'postgres', password });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('brings a database, stops it on Ctrl-C, and finds the same data at the next start', async () => {
    const first = start();
    const url = await listening();
    expect(output.split('\n')[0]).toMatch(/for development only/);
    expect(await (await fetch(new URL('/connect', url))).json()).toMatchObject({ engine: 'PostgreSQL' });
    await query(`CREATE TABLE kept AS SELECT 42 AS answer`);
    const firstPort = databasePort();
    process.kill(-first.pid, 'SIGINT');
    expect(await first.exited).toEqual([0, null]);
    await expectStopped(firstPort);

    const second = start();
    await listening();
    expect(await query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const secondPort = databasePort();
    process.kill(second.pid, 'SIGTERM');
    expect(await second.exited).toEqual([0, null]);
    await expectStopped(secondPort);
  });

  it('leaves nothing running when it is killed outright', async () => {
    const { pid, exited } = start();
    const api = Number(new URL(await listening()).port);
    process.kill(pid, 'SIGKILL');
    await exited;
    await eventually(() => expectStopped(api));
    await eventually(() => expectStopped(databasePort()));
  });

  it('says so when the data is in use by another start', async () => {
    const first = start();
    await listening();
    const second = start();
    expect(await second.exited).toEqual([1, null]);
    expect(output).toMatch(/did not start[^]*postmaster/);
    process.kill(first.pid, 'SIGTERM');
    expect(await first.exited).toEqual([0, null]);
  });

  it('passes a failed start of the API on, and stops the database', async () => {
    const { exited } = start({ API_PORT: 'eighty' });
    expect(await exited).toEqual([1, null]);
    expect(output).toContain('API_PORT must be');
    await expectStopped(databasePort());
  });

  describe('brings no database', () => {
    beforeAll(() => rm(path.join(root, '.data'), { recursive: true, force: true }));

    it('with DB_HOST set', async () => {
      const { pid, exited } = start(NO_DATABASE);
      await listening();
      process.kill(pid, 'SIGTERM');
      expect(await exited).toEqual([0, null]);
      expectNoData();
    });

    it('in production', async () => {
      const { exited } = start({ NODE_ENV: 'production' });
      expect(await exited).toEqual([1, null]);
      expect(output).toContain('DB_HOST is required');
      expectNoData();
    });
  });
});
