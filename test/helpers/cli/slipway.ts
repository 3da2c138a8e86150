import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../root.ts';
import { eventually } from '../eventually.ts';

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the tool as a process of its own, from this checkout, in a folder of somebody else's. */
export function slipway(cwd: string, args: string[], env: Record<string, string> = {}): Promise<Answer> {
  return start(cwd, args, env).ended;
}

/** As `slipway`, for a command that waits for something: what it has said by now can be waited for. */
export function start(cwd: string, args: string[], env: Record<string, string> = {}) {
  const hooks = pathToFileURL(path.join(ROOT, 'typescript.mjs')).href;
  const child = spawn(process.execPath, ['--import', hooks, path.join(ROOT, 'cli/src/main.ts'), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      ...env,
    },
  });
  const answer: Answer = { code: null, stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (answer[stream] += text));
  }
  return {
    /** Resolves when it has said this on standard error. */
    said: (words: string) =>
      eventually(() => {
        if (!answer.stderr.includes(words))
          throw new Error(`it has not said "${words}" but ${answer.stderr}`);
      }),
    ended: new Promise<Answer>((resolve) => child.once('close', (code) => resolve({ ...answer, code }))),
  };
}
