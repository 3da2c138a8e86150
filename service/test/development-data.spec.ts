import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { DevelopmentClone, gone } from './support/development-clone.ts';

/** What `npm start` makes of data that is not as it left it, and of processes that did not end as they should. */
describe('.data', () => {
  let pristine: DevelopmentClone;
  let clone: DevelopmentClone;
  beforeAll(async () => {
    pristine = new DevelopmentClone();
    const start = pristine.start();
    await start.listening();
    await start.query(`CREATE TABLE kept AS SELECT 42 AS answer`);
    start.child.kill('SIGTERM');
    await start.exited;
  });
  afterAll(() => pristine.remove());
  beforeEach(() => {
    clone = new DevelopmentClone();
  });
  afterEach(() => clone.remove());

  const remove = (...names: string[]) => rmSync(clone.in('.data', ...names), { recursive: true });
  const write = (text: string, ...names: string[]) => writeFileSync(clone.in('.data', ...names), text);

  const running = async (...options: Parameters<DevelopmentClone['start']>) => {
    const start = clone.start(...options);
    await start.listening();
    const postmaster = clone.postmaster()!;
    return { start, postmaster: postmaster.pid, host: postmaster.host! };
  };
  const expectNextStart = async () => {
    const next = clone.start();
    await next.listening();
    expect(await next.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    next.child.kill('SIGTERM');
    expect(await next.exited).toEqual([0, null]);
  };

  const damages: [string, () => void, RegExp][] = [
    [
      'no password',
      () => remove('postgres-password'),
      /postgres-password is gone, .*: put it back, or delete/,
    ],
    [
      'another password',
      () => write('x', 'postgres-password'),
      /does not hold the password .*: put the right one/,
    ],
    [
      'an empty password',
      () => write('', 'postgres-password'),
      /does not hold the password .*: put the right one/,
    ],
    ['no base/', () => remove('postgres/base'), /postgres is damaged \(.+\): delete/],
    ['no global/', () => remove('postgres/global'), /does not start with .*global.*\): .* delete/],
    ['no pg_wal/', () => remove('postgres/pg_wal'), /does not start with .*pg_wal.*\): .* delete/],
    ['no pg_xact/', () => remove('postgres/pg_xact'), /does not start with .*\): .* delete/],
    ['no PG_VERSION', () => remove('postgres/PG_VERSION'), /does not start with .*\): .* delete/],
    ['no postgresql.conf', () => remove('postgres/postgresql.conf'), /postgresql\.conf.*\): .* delete/],
    ['no pg_hba.conf', () => remove('postgres/pg_hba.conf'), /does not start with .*\): .* delete/],
    [
      'another major version',
      () => write('17\n', 'postgres/PG_VERSION'),
      /is the data of PostgreSQL 17, and this is PostgreSQL 18[.\d]*: .* delete/,
    ],
    [
      'what is no data of PostgreSQL',
      () => {
        remove('postgres');
        mkdirSync(clone.in('.data/postgres'));
        write('x', 'postgres/notes.txt');
      },
      /does not start with .*\): .* delete/,
    ],
    [
      'a file of this name',
      () => {
        remove();
        writeFileSync(clone.data, '');
      },
      /cannot be read or written \(E\w+\): /,
    ],
  ];

  it.each(damages)('with %s gets one sentence that says what to do', async (_what, damage, sentence) => {
    clone.copyData(pristine);
    damage();
    const start = clone.start();
    expect(await start.exited).toEqual([1, null]);
    expect(start.said).toMatch(sentence);
    expect(start.said).toMatch(/^[^\n]+\.\n$/);
    expect(start.log).toBe('');
    expect(clone.postmaster()).toBeUndefined();
  });

  it('that cannot be written gets one, too', async () => {
    chmodSync(clone.root, 0o555);
    const nobody = 65534;
    const start = clone.start({}, process.getuid?.() === 0 ? { user: nobody } : {});
    expect(await start.exited).toEqual([1, null]);
    expect(start.said).toMatch(/^\S+ cannot be read or written \(EACCES\): .*, or set DB_HOST .*\.\n$/);
    chmodSync(clone.root, 0o755);
  });

  it("that two starts want at once is the first one's", async () => {
    const starts = [clone.start(), clone.start()] as const;
    const loser = await Promise.race(
      starts.map(async (start) => {
        expect(await start.exited).toEqual([1, null]);
        return start;
      }),
    );
    const winner = starts.find((start) => start !== loser)!;
    expect(loser.said).toMatch(/^\S+ is in use by another start \(its database is process \d+\): .*\.\n$/);
    expect(JSON.parse(await winner.get('/connect'))).toMatchObject({ engine: 'PostgreSQL' });
    winner.child.kill('SIGTERM');
    expect(await winner.exited).toEqual([0, null]);
  });

  describe('after a kill', () => {
    beforeEach(() => clone.copyData(pristine));

    it('of the start, all ends', async () => {
      const { start, postmaster, host } = await running();
      start.child.kill('SIGKILL');
      await start.exited;
      await gone(postmaster);
      await gone(host);
      await expectNextStart();
    });

    it('of npm, all ends', async () => {
      const { start, postmaster } = await running({}, { isUnderNpm: true });
      start.child.kill('SIGKILL');
      await start.exited;
      await gone(postmaster);
      await expectNextStart();
    });

    it.each(['host', 'postmaster'] as const)(
      'of the database (%s), all ends and it is said',
      async (which) => {
        const { start, ...pids } = await running();
        process.kill(pids[which], 'SIGKILL');
        expect(await start.exited).toEqual([1, null]);
        expect(start.said).toMatch(/\nThe embedded PostgreSQL was ended from outside, .*: start again\.\n$/);
        await gone(pids.postmaster);
        await expectNextStart();
      },
    );

    it('of all but the database, the next start stops that and goes on', async () => {
      const { start, postmaster, host } = await running();
      // Neither may see the other's end.
      for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
        process.kill(host, signal);
        start.child.kill(signal);
      }
      await start.exited;
      expect(clone.postmaster()).toEqual({ pid: postmaster, host: undefined });
      await expectNextStart();
      await gone(postmaster);
    });
  });
});
