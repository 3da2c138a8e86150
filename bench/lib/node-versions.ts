import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Node to run servers with. */
export interface NodeVersion {
  /** As in `24.21.0`. */
  version: string;
  /** Its program. */
  program: string;
}

/** The Node that runs this. */
export const RUNNING: NodeVersion = { version: process.versions.node, program: process.execPath };

/**
 * The Node that runs this and, where npm can bring it, the one that the image runs. They are kept in a cache folder
 * outside the checkout.
 *
 * @param wanted the major version of the image's Node
 */
export async function nodeVersions(wanted: string): Promise<NodeVersion[]> {
  if (RUNNING.version.startsWith(`${wanted}.`)) {
    return [RUNNING];
  }
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const folder = path.join(cache, `slipway-bench/node-${wanted}`);
  // The package that holds the program itself, and so needs no script to be installed.
  const name = `node-${process.platform}-${process.arch}`;
  const program = path.join(folder, 'node_modules', name, 'bin/node');
  try {
    await access(program).catch(async () => {
      process.stderr.write(`Installing Node ${wanted} in ${folder} ...\n`);
      await mkdir(folder, { recursive: true });
      await run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', `${name}@${wanted}`]);
    });
    const { stdout } = await run(program, ['--version']);
    return [RUNNING, { version: stdout.trim().slice(1), program }];
  } catch (error) {
    process.stderr.write(
      `Node ${wanted} cannot be had, so only ${RUNNING.version} is measured: ${String(error)}\n`,
    );
    return [RUNNING];
  }
}
