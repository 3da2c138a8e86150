import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../service/test/support/service-process.ts';

const run = promisify(execFile);

/** What an image holds above its base. */
export interface Size {
  what: string;
  /** Bytes. */
  bytes: number;
}

/**
 * The layers that an image of the service adds to its base, made as service/Dockerfile makes them, and beside them what
 * a plain `npm install` of the starter's production packages weighs.
 */
export async function measureSizes(folder: string): Promise<Size[]> {
  const service = path.join(folder, 'service');
  await mkdir(service);
  for (const file of ['package.json', 'package-lock.json', 'redeployer/package.json', 'bench/package.json']) {
    await cp(path.join(ROOT, file), path.join(service, file));
  }
  await npm(service, 'ci', '--no-workspaces', '--omit=dev', '--omit=optional');
  const installed = await weigh(path.join(service, 'node_modules'));
  const kept = await weigh(path.join(service, 'node_modules'), isKept);

  const starter = path.join(folder, 'starter');
  await mkdir(starter);
  await writeFile(path.join(starter, 'package.json'), JSON.stringify(await starterManifest()));
  await npm(starter, 'install', '--omit=dev');
  return [
    { what: 'Slipway: packages, as installed', bytes: installed },
    { what: 'Slipway: packages, as the image keeps them', bytes: kept },
    { what: 'Slipway: dist/', bytes: await weigh(path.join(ROOT, 'dist')) },
    { what: 'Nest starter: packages, as installed', bytes: await weigh(path.join(starter, 'node_modules')) },
  ];
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  await run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd, maxBuffer: 2 ** 24 });
}

/** The starter's own production dependencies, in the versions that are installed here. */
async function starterManifest() {
  const names = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', 'reflect-metadata', 'rxjs'];
  const versions = names.map(async (name) => {
    const manifest = await readFile(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
    return [name, (JSON.parse(manifest) as { version: string }).version] as const;
  });
  return { name: 'starter', private: true, dependencies: Object.fromEntries(await Promise.all(versions)) };
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
