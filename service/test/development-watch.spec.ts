import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DevelopmentClone, gone, type Start } from './support/development-clone.ts';
import { eventually } from '@slipway/test-helpers/eventually';
import { ServiceProcess } from '@slipway/test-helpers/service-process';
import { NO_DATABASE } from './support/no-database.ts';

const CONTROLLER = 'service/src/hello/hello.controller.ts';

/** `npm run start:dev`: one start, and a day's work on it. */
describe('service/dev/start.mjs --watch', () => {
  let clone: DevelopmentClone;
  let start: Start;
  let original: string;
  let starts = 0;
  beforeAll(async () => {
    clone = new DevelopmentClone();
    original = readFileSync(clone.in(CONTROLLER), 'utf8');
    start = clone.start({}, { args: ['--watch', '--inspect=127.0.0.1:0'] });
    await start.listening((starts += 1));
  });
  afterAll(() => clone.remove());

  const save = (text: string) => writeFileSync(clone.in(CONTROLLER), text);
  /** Saves what can be started, and waits for it. */
  const change = async (text: string) => {
    save(text);
    await start.listening((starts += 1));
  };
  const expectSaid = async (pattern: RegExp) => {
    await eventually(() => expect(start.said).toMatch(pattern), 1000);
    start.said = '';
  };

  it('runs what the build would', async () => {
    const built = await ServiceProcess.start(NO_DATABASE);
    expect(await start.get('/docs-json')).toBe(await (await built.get('/docs-json')).text());
    await built.stop();
  });

  it('lets a debugger in', async () => {
    await expectSaid(/Debugger listening on ws:\/\/127\.0\.0\.1:/);
  });

  it('starts anew after a change, with the same database', async () => {
    const { pid } = clone.postmaster()!;
    await change(original.replace('afloat', 'changed'));
    expect(await start.get('/')).toBe('{"message":"Slipway is changed."}');
    expect(JSON.parse(await start.get('/connect'))).toMatchObject({ engine: 'PostgreSQL' });
    expect(clone.postmaster()!.pid).toBe(pid);
  });

  it('applies a migration that is saved, and waits after one that fails', async () => {
    const file = clone.in('service/migrations/9999_orders.sql');
    writeFileSync(file, 'CREATE TABLE orders (nowhere);');
    await expectSaid(/The migrations were not applied[^]*waiting for the next change\n$/);
    writeFileSync(file, 'CREATE TABLE orders (id int);');
    await start.listening((starts += 1));
    expect(start.log).toContain('"migration":"9999_orders"');
  });

  it('shows a syntax error with its line, and goes on with what ran', async () => {
    save(`${original}\nconst = 1;\n`);
    await expectSaid(/hello\.controller\.ts:\d+[^]*const = 1[^]*waiting for the next change\n$/);
    expect(await start.get('/')).toBe('{"message":"Slipway is changed."}');
    await change(original);
    expect(await start.get('/')).toBe('{"message":"Slipway is afloat."}');
  });

  it('says that a file is missing, and notices when it comes', async () => {
    save(`import './new.ts';\n${original}`);
    await expectSaid(/Could not resolve '.\/new.ts'[^]*waiting for the next change\n$/);
    writeFileSync(clone.in('service/src/hello/new.ts'), 'export {};\n');
    await start.listening((starts += 1));
    await change(original);
    rmSync(clone.in('service/src/hello/new.ts'));
  });

  it('says why a start fails, with the line of the source, and waits', async () => {
    const line = original.split('\n').length + 1;
    save(`${original}\nthrow new Error('boom');\n`);
    await expectSaid(/The API ended \(exit code 1\): waiting for the next change\n$/);
    expect(start.log).toMatch(new RegExp(`boom.*service/src/hello/hello\\.controller\\.ts:${line}:`));
    await change(original);
  });

  it('ends, with all that belongs to it, on Ctrl-C', async () => {
    const { pid, host } = clone.postmaster()!;
    start.killGroup('SIGINT');
    expect(await start.exited).toEqual([0, null]);
    await gone(pid);
    await gone(host!);
  });
});
