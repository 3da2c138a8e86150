import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import getPort from 'get-port';
import { eventually } from '@slipway/test-helpers/eventually';
import { NO_DATABASE } from './support/no-database.ts';
import { ROOT } from '@slipway/test-helpers/root';

/** More lines than a pipe that nobody reads has room for: Linux gives it 64 KiB. */
const REQUESTS = 1000;

const expectServes = async (answer: () => Promise<Response>) => {
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    expect((await answer()).status).toBe(200);
  }
};

describe('a log that cannot be written does not stop the service', () => {
  let child: ChildProcess;
  afterEach(() => void child.kill('SIGKILL'));

  const start = async (stdout: number | 'pipe') => {
    const port = await getPort({ host: '127.0.0.1' });
    const { PATH } = process.env;
    child = spawn(process.execPath, ['dist/main.js'], {
      cwd: ROOT,
      env: { PATH, ...NO_DATABASE, API_PORT: String(port) },
      stdio: ['ignore', stdout, 'inherit'],
    });
    const answer = () => fetch(`http://127.0.0.1:${port}/`);
    await eventually(answer);
    return answer;
  };
  const expectEnds = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  };

  it('on a disk that is full', async () => {
    const answer = await start(openSync('/dev/full', 'w'));
    await expectServes(answer);
    await expectEnds();
  });

  it('with a reader that has gone', async () => {
    const answer = await start('pipe');
    child.stdout?.destroy();
    await expectServes(answer);
    await expectEnds();
  });

  it('with a reader that does not read; when it reads again, the lines that were kept are whole', async () => {
    const answer = await start('pipe');
    await expectServes(answer);
    let log = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
    await expectEnds();
    const lines = log.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object).length).toBeGreaterThan(REQUESTS);
  });
});
