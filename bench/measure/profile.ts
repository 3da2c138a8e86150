import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Node } from '../lib/image-node.ts';
import { load } from '../lib/load.ts';
import { SLIPWAY, start, type Database } from '../programs.ts';
import { CONNECTIONS } from '../settings.ts';
import { readProfile, type Share } from './read-profile.ts';

/** The service before it is bundled: there each function is in the file of its package. */
const UNBUNDLED = { ...SLIPWAY, main: 'build/main.js' };

/** Runs the service under load with V8's profiler, and says where its time goes while it answers `GET /`. */
export async function profileHotPath(
  node: Node,
  database: Database,
  folder: string,
  seconds: number,
): Promise<{ groups: Share[]; functions: Share[] }> {
  const directory = await mkdtemp(path.join(folder, 'profile-'));
  const server = await start(UNBUNDLED, node, database, folder, [
    '--cpu-prof',
    `--cpu-prof-dir=${directory}`,
  ]);
  await load(`${server.url}/`, CONNECTIONS, seconds);
  await server.stop();
  const [file] = await readdir(directory);
  return readProfile(JSON.parse(await readFile(path.join(directory, file as string), 'utf8')));
}
