import { cp, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';

/**
 * Copies the Terraform code, which Terraform writes beside, and the redeployer's zip to where that code looks for it.
 *
 * @param folder absolute; gets `iac/` and `redeployer/`
 */
export function copyLayers(folder: string): Promise<void> {
  return copyParts(folder, ['iac', 'redeployer/dist/redeployer.zip']);
}

/**
 * Copies as much of the checkout as `npm run slipway` needs: the command-line tool and the layers, built and installed.
 *
 * @param folder absolute; gets it
 */
export async function copyCheckout(folder: string): Promise<void> {
  await copyParts(folder, [
    '.github/actions',
    'cli',
    'iac',
    'package.json',
    'redeployer',
    'swc.mjs',
    'typescript.mjs',
  ]);
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
}

async function copyParts(folder: string, parts: string[]): Promise<void> {
  for (const part of parts) {
    await mkdir(path.join(folder, path.dirname(part)), { recursive: true });
    await cp(path.join(ROOT, part), path.join(folder, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !['.terraform', 'node_modules'].includes(path.basename(source)),
    });
  }
}
