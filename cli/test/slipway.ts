import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { ROOT } from '@slipway/test-helpers/root';

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the tool as a process of its own, from this checkout, in a folder of somebody else's. */
export async function slipway(
  cwd: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Answer> {
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
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** The variables with which the SDK, and a stub for the AWS CLI, ask a fake. */
export function against(url: string): Record<string, string> {
  return {
    PATH: `${path.join(ROOT, 'cli/test/bin')}${path.delimiter}${process.env['PATH']}`,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
