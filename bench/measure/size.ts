import { execFile } from 'node:child_process';
import { cp, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '@slipway/test-helpers/root';

/** What an image holds above its base. */
export interface Size {
  what: string;
  bytes: number;
}

/** The layers that an image of the service adds to its base, made as service/Dockerfile makes them. */
export async function measureSizes(folder: string): Promise<Size[]> {
  const app = path.join(folder, 'app');
  const { workspaces } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
    workspaces: string[];
  };
  const manifests = workspaces.map((room) => `${room}/package.json`);
  for (const file of ['package.json', 'package-lock.json', ...manifests]) {
    await cp(path.join(ROOT, file), path.join(app, file));
  }
  const omitted = ['--no-workspaces', '--ignore-scripts', '--omit=dev', '--omit=optional'];
  await promisify(execFile)('npm', ['ci', ...omitted, '--no-audit', '--no-fund'], { cwd: app });
  return [
    { what: 'packages, as the image keeps them', bytes: await weigh(path.join(app, 'node_modules'), isKept) },
    { what: 'dist/', bytes: await weigh(path.join(ROOT, 'dist')) },
  ];
}

/** What service/Dockerfile leaves of the packages that the bundle is made from. */
function isKept(file: string): boolean {
  const name = path.basename(file);
  const isAboutIt = /^(package\.json|licen[cs]e.*|notice.*|readme.*)$/i.test(name);
  return (isAboutIt || file.includes('/swagger-ui-dist/')) && !name.endsWith('.map');
}

/** The bytes of all files beneath a folder. */
async function weigh(folder: string, isCounted: (file: string) => boolean = () => true): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter(isCounted);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
