import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '@slipway/test-helpers/root';

/** `dist/main.js` with another service behind it: what it does before, and whatever happens to, the real one. */
describe('the program around the service', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-program-'));
    await cp(path.join(ROOT, 'dist/main.js'), path.join(folder, 'main.js'));
    await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = async (service: string) => {
    await writeFile(path.join(folder, 'serve.js'), service);
    return spawn(process.execPath, ['main.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  };

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends on %s while the service is still being read',
    async (signal) => {
      const child = await start(`
      process.stdout.write('reading');
      await new Promise((resolve) => setTimeout(resolve, 1e9));
      export const serve = () => {};
    `);
      await once(child.stdout, 'data');
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
  );

  it('says in one line what Node warns of', async () => {
    const warning = `process.emitWarning('old', 'DeprecationWarning', 'DEP0169');`;
    const child = await start(`export async function serve() { ${warning} }`);
    const [log, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(errors).toBe('');
    expect(JSON.parse(log)).toMatchObject({
      level: 'warn',
      err: { message: 'old', code: 'DEP0169' },
      msg: 'Node warns',
    });
  });

  it.each([
    ['thrown outside of any request', 'setTimeout(() => { throw error; });'],
    ['a rejection that nobody handles', 'void Promise.reject(error);'],
    ['thrown at the start', 'throw error;'],
  ])('says in one line what ended it: %s', async (_kind, fault) => {
    const child = await start(`
      const error = Object.assign(new Error('out of order'), { code: 'E42', password: 'hunter2' });
      export async function serve() { ${fault} await new Promise((resolve) => setTimeout(resolve, 1e9)); }
    `);
    const [log, exit] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(exit).toEqual([1, null]);
    expect(JSON.parse(log)).toEqual({
      level: 'fatal',
      time: expect.any(String),
      service: 'slipway',
      commit: 'unknown',
      err: {
        type: 'Error',
        message: 'out of order',
        code: 'E42',
        stack: expect.stringContaining('serve.js'),
      },
      msg: expect.any(String),
    });
  });
});
