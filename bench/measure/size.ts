import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '@slipway/test-helpers/root';

const run = promisify(execFile);

/** What an image holds above its base. */
export interface Size {
  what: string;
  /** Bytes. */
  bytes: number;
}

/** The layers that an image of the service adds to its base, made as service/Dockerfile makes them. */
export async function measureSizes(folder: string): Promise<Size[]> {
  const service = path.join(folder, 'service');
  await mkdir(service);
  for (const file of [
    'package.json',
    'package-lock.json',
    'redeployer/package.json',
    'bench/package.json',
    'cli/package.json',
    'test/helpers/package.json',
  ]) {
    await cp(path.join(ROOT, file), path.join(service, file));
  }
  const omitted = ['--no-workspaces', '--omit=dev', '--omit=optional'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['ci', ...omitted, ...quiet], { cwd: service, maxBuffer: 2 ** 24 });
  const installed = await weigh(path.join(service, 'node_modules'));
  const kept = await weigh(path.join(service, 'node_modules'), isKept);

  return [
    { what: 'packages, as installed', bytes: installed },
    { what: 'packages, as the image keeps them', bytes: kept },
    { what: 'dist/', bytes: await weigh(path.join(ROOT, 'dist')) },
  ];
}

/** What service/Dockerfile leaves of the packages that the bundle is made from. */
function isKept(file: string): boolean {
  const name = path.basename(file);
  return (
    (/^(package\.json|licen[cs]e.*|notice.*|readme.*)$/i.test(name) || file.startsWith('swagger-ui-dist/')) &&
    !name.endsWith('.map')
  );
}

/** The bytes of all files beneath a folder. */
async function weigh(folder: string, isCounted: (file: string) => boolean = () => true): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => isCounted(path.relative(folder, file)));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
