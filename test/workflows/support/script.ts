import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { readOutputs } from '@slipway/test-helpers/github-output';
import { ROOT } from '@slipway/test-helpers/root';

/** `describe` for tests of scripts that need jq. */
export const describeScripts = describeNeeds(findTool('jq'));

/** What a script left: what it said, and the outputs that it wrote for GitHub. */
export interface Said {
  code: number | null;
  said: string;
  outputs: Record<string, string>;
}

/** Runs a script of an action, or of a copy of one by its whole path, as a terminal or, with GITHUB_ACTIONS, as GitHub would; nothing else is in its environment. */
export async function runScript(script: string, environment: Record<string, string> = {}): Promise<Said> {
  const folder = await mkdtemp(path.join(tmpdir(), 'script-'));
  const outputFile = path.join(folder, 'outputs');
  await writeFile(outputFile, '');
  const child = spawn(path.resolve(ROOT, '.github/actions', script), {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, GITHUB_OUTPUT: outputFile, ...environment },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  const outputs = await readOutputs(outputFile);
  await rm(folder, { recursive: true });
  return { code: child.exitCode, said, outputs };
}
