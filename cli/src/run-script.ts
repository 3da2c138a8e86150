import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { UserError } from './errors.ts';
import { ofKit } from './kit.ts';
import { terraformProgram } from './tools.ts';

export interface Ended {
  status: number;
  /** What the script put out, by name, as an action's step does. */
  outputs: Map<string, string>;
  stdout: string;
}

/**
 * Runs a script of the actions, as the workflows do. Shown, it writes to the terminal itself; else it is heard only
 * where it fails.
 * @param file from the root of Slipway.
 * @param variables what its head says that it takes.
 * @throws UserError with what it said, when it is not shown and fails.
 */
export async function runScript(
  file: string,
  variables: Record<string, string>,
  { shown = false, args = [] }: { shown?: boolean; args?: string[] } = {},
): Promise<Ended> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'slipway-'));
  const output = path.join(scratch, 'output');
  await writeFile(output, '');
  // It is interrupted like this program, and ends by itself.
  process.on('SIGINT', ignore);
  try {
    const child = spawn('bash', [ofKit(file), ...args], {
      stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        SLIPWAY_TERRAFORM: terraformProgram(),
        GITHUB_OUTPUT: output,
        ...(shown ? {} : { GITHUB_ACTIONS: '' }),
        ...variables,
      },
    });
    const [stdout, stderr, status] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
      new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
      }),
    ]);
    if (status !== 0 && !shown) throw new UserError(stderr.trim().replace(/^error: /m, ''));
    return { status, stdout, outputs: outputsIn(await readFile(output, 'utf8')) };
  } finally {
    process.off('SIGINT', ignore);
    await rm(scratch, { recursive: true });
  }
}

function ignore(): void {}

function outputsIn(written: string): Map<string, string> {
  return new Map(
    written
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
