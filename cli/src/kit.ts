import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors.ts';

/** The bundler replaces it; from a checkout there is none. */
declare const SLIPWAY_COMMIT: string;
const bundled = typeof SLIPWAY_COMMIT === 'string' ? SLIPWAY_COMMIT : undefined;

/** The folder with the actions' scripts and the layers: the package, or the checkout that this file is of. */
const KIT = fileURLToPath(new URL(bundled ? '.' : '../..', import.meta.url));

/** A file of Slipway's own, by its path in the repository; the package has it at the same one. */
export function ofKit(file: string): string {
  return path.join(KIT, file);
}

export function versionOfKit(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(ofKit('package.json'), 'utf8'));
  return version;
}

/** The commit that consumers' workflows are pinned to. */
export function commitOfKit(): string {
  if (bundled) return bundled;
  try {
    return execFileSync('git', ['-C', KIT, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch (cause) {
    throw new UserError(`${KIT} is no checkout of Git, so it is not known which commit to pin to.`, {
      cause,
    });
  }
}

/** How whoever is shown a command calls this program. */
export function invocation(): string {
  if (!bundled) return `npm --prefix ${path.relative('', KIT) || '.'} run --silent slipway --`;
  const version = versionOfKit();
  return `npx https://github.com/slipway-dev/slipway/releases/download/v${version}/slipway-cli-${version}.tgz`;
}
