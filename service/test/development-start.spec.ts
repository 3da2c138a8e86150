import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { showLog } from '../dev/log-lines.mjs';
import { connection } from './support/connection.ts';
import { DevelopmentClone } from './support/development-clone.ts';
import { eventually } from '@slipway/test-helpers/eventually';
import { NO_DATABASE } from './support/no-database.ts';
import { ROOT } from '@slipway/test-helpers/root';

const expectStopped = async (port: number) => expect(await connection(port)).toBe('refused');

/** `npm start` after its build. */
describe('service/dev/start.mjs', () => {
  let clone: DevelopmentClone;
  beforeEach(() => {
    clone = new DevelopmentClone();
  });
  afterEach(() => clone.remove());

  const expectNoData = () => expect(existsSync(clone.data)).toBe(false);
  const startWith = (dotEnv: string, variables = {}) => {
    writeFileSync(clone.in('.env'), dotEnv);
    return clone.start(variables);
  };

  it('brings a database, stops it on Ctrl-C, and finds the same data at the next start', async () => {
    const first = clone.start();
    expect(JSON.parse(await first.get('/connect'))).toMatchObject({ engine: 'PostgreSQL' });
    await first.query(`CREATE TABLE kept AS SELECT 42 AS answer`);
    first.killGroup('SIGINT');
    expect(await first.exited).toEqual([0, null]);
    await expectStopped(first.databasePort);

    const second = clone.start();
    await second.listening();
    expect(await second.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    second.child.kill('SIGTERM');
    expect(await second.exited).toEqual([0, null]);
    await expectStopped(second.databasePort);
  });

  it('applies the migrations before the API, which then is no more than the service', async () => {
    writeFileSync(clone.in('service/migrations/9999_orders.sql'), 'CREATE TABLE orders (id int);');
    const start = clone.start();
    expect(JSON.parse(await start.get('/connect'))).toMatchObject({ engine: 'PostgreSQL' });
    expect(start.log.indexOf('"migration":"9999_orders"')).toBeLessThan(start.log.indexOf('"listening"'));
    expect(
      await start.query(`SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'slipway'`),
    ).toEqual([{ usename: 'slipway_service' }]);
    start.child.kill('SIGTERM');
    await start.exited;

    writeFileSync(clone.in('service/migrations/99999_broken.sql'), 'SELECT nowhere;');
    const broken = clone.start();
    expect(await broken.exited).toEqual([1, null]);
    expect(broken.log).toContain('"file":"99999_broken.sql"');
    expect(broken.said).toMatch(/The migrations were not applied, so the API is not started\.\n$/);
    await expectStopped(broken.databasePort);
  });

  it('leaves standard output to the log, which stays JSON in a pipe', async () => {
    const start = clone.start({ DB_USER: 'someone', DB_PASSWORD: 'hunter2', PORT: '80' });
    await start.listening();
    start.child.kill('SIGTERM');
    await start.exited;
    const lines = start.log.trim().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as { msg: string; unused?: string[] });
    expect(parsed.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['listening', 'draining']));
    expect(parsed.flatMap(({ unused }) => unused ?? [])).toEqual(['PORT']);
    expect(start.said).toMatch(/Without DB_HOST these are not used: DB_USER, DB_PASSWORD\.\n$/);
  });

  it('passes a failed start of the API on, and stops the database', async () => {
    const start = clone.start({ API_PORT: 'eighty' });
    expect(await start.exited).toEqual([1, null]);
    expect(start.said).toContain('API_PORT must be');
    await expectStopped(start.databasePort);
  });

  describe('brings no database', () => {
    it('with DB_HOST set', async () => {
      const start = clone.start(NO_DATABASE);
      await start.listening();
      start.child.kill('SIGTERM');
      expect(await start.exited).toEqual([0, null]);
      expectNoData();
    });

    it('in production, where it reads no .env either', async () => {
      writeFileSync(clone.in('.env'), 'DB_HOST=127.0.0.1\n');
      const start = clone.start({ NODE_ENV: 'production' });
      expect(await start.exited).toEqual([1, null]);
      expect(start.said).toContain('DB_HOST is required');
      expectNoData();
    });
  });

  describe('reads a .env', () => {
    it('and what the environment says goes before it', async () => {
      const dotEnv = Object.entries(NO_DATABASE).map(([name, value]) => `${name}="${value}"\n`);
      const start = startWith(`# Mine\n${dotEnv.join('')}\nexport GIT_SHA=dotenv\n`, { DB_PORT: '0' });
      expect(await start.exited).toEqual([1, null]);
      expect(start.said).toBe(
        'The configuration is not valid: DB_PORT must be a whole number from 1 to 65535.\n',
      );
    });

    it.each([
      ['A=1\nhunter2\n', 2],
      ['A="b\nc"\n\nB=\'hunter2\n', 4],
      ['\0\0', 1],
      ['=hunter2', 1],
    ])('and says which line of %j cannot be read, without what it says', async (dotEnv, line) => {
      const start = startWith(dotEnv);
      expect(await start.exited).toEqual([1, null]);
      expect(start.said).toBe(
        `${clone.in('.env')}, line ${line}: expected NAME=value, a comment (#) or an empty line.\n`,
      );
    });
  });
});

const shown = async (hasColors: boolean) => {
  const log = new PassThrough();
  let text = '';
  showLog(log, {
    hasColors: () => hasColors,
    write: (line: string) => (text += line),
  } as unknown as WriteStream);
  log.end(
    '{"level":"info","time":"2026-11-23T23:14:23.410Z","service":"slipway","context":"Slipway","url":"http://localhost:3000","msg":"listening"}\nno JSON\n',
  );
  await eventually(() => expect(text).toContain('no JSON'));
  return text;
};

describe('on a terminal', () => {
  it('shows the log in words', async () => {
    expect(await shown(false)).toMatch(
      /^\[\d\d:\d\d:23\.410\] INFO: Slipway: listening http:\/\/localhost:3000\nno JSON\n$/,
    );
  });

  it('has colours where the terminal has', async () => {
    expect(await shown(true)).toContain('\u001B[');
  });
});

const runAs = (version: string) => {
  const preload = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
  const script = ['--import', preload, 'service/dev/node-version.mjs'];
  return spawnSync(process.execPath, script, { cwd: ROOT, encoding: 'utf8' });
};

describe('an older Node', () => {
  const { engines, scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));

  it.each(['18.20.8', '20.18.3'])('is refused in one sentence: %s', (version) => {
    const { status, stderr } = runAs(version);
    expect(stderr).toMatch(
      new RegExp(`^Slipway needs Node 20.19 or newer, and this is Node ${version}: .*\\.\n$`),
    );
    expect(status).toBe(1);
  });

  it.each(['20.19.0', '22.0.0', '24.1.0'])('is not %s', (version) => {
    expect(runAs(version)).toMatchObject({ status: 0, stderr: '' });
  });

  it('is refused before anything else runs, by the rule of package.json', () => {
    expect(engines.node).toBe('>=20.19');
    for (const script of ['prestart', 'prestart:dev', 'pretest']) {
      expect(scripts[script]).toMatch(/^node service\/dev\/node-version\.mjs( &&|$)/);
    }
  });
});
