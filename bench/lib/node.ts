import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A Node to run servers with. */
export interface Node {
  /** As in `24.21.0`. */
  version: string;
  /** Its program. */
  program: string;
}

/** The Node that runs this. */
export const RUNNING: Node = { version: process.versions.node, program: process.execPath };

/** The major version of the Node that the image runs. */
const IMAGE = '24';

/** The Node that the image runs, which npm brings and keeps where another one runs this. */
export async function imageNode(): Promise<Node> {
  if (RUNNING.version.startsWith(`${IMAGE}.`)) {
    return RUNNING;
  }
  // The package that holds the program itself, and so needs no script to be installed.
  const name = `node-${process.platform}-${process.arch}@${IMAGE}`;
  const tell = 'JSON.stringify({ version: process.versions.node, program: process.execPath })';
  const options = ['exec', '--yes', '--ignore-scripts', `--package=${name}`, '--', 'node', '-p', tell];
  return JSON.parse((await promisify(execFile)('npm', options)).stdout) as Node;
}
