import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Node to run servers with. */
export interface Node {
  /** As in `24.21.0`. */
  version: string;
  /** Its program. */
  program: string;
}

/** The Node that runs this. */
export const RUNNING: Node = { version: process.versions.node, program: process.execPath };

/**
 * The Node that the image runs, from npm where it does not run this. It is kept in a cache folder outside the checkout.
 *
 * @param major its major version
 */
export async function imageNode(major: string): Promise<Node> {
  if (RUNNING.version.startsWith(`${major}.`)) {
    return RUNNING;
  }
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const folder = path.join(cache, `slipway-bench/node-${major}`);
  // The package that holds the program itself, and so needs no script to be installed.
  const name = `node-${process.platform}-${process.arch}`;
  const program = path.join(folder, 'node_modules', name, 'bin/node');
  await access(program).catch(async () => {
    process.stderr.write(`Installing Node ${major} in ${folder} ...\n`);
    await mkdir(folder, { recursive: true });
    await run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', `${name}@${major}`]);
  });
  const { stdout } = await run(program, ['--version']);
  return { version: stdout.trim().slice(1), program };
}
