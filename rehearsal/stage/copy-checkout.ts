import { cp, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';

/** What the command-line tool and the layers consist of, built and installed. */
const PARTS = ['.github/actions', 'cli', 'iac', 'package.json', 'redeployer', 'swc.mjs', 'typescript.mjs'];

/**
 * Copies as much of the checkout as `npm run slipway` needs, for Terraform writes beside its code.
 *
 * @param folder absolute; gets it
 */
export async function copyCheckout(folder: string): Promise<void> {
  for (const part of PARTS) {
    await mkdir(path.join(folder, path.dirname(part)), { recursive: true });
    await cp(path.join(ROOT, part), path.join(folder, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !['.terraform', 'node_modules'].includes(path.basename(source)),
    });
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
}
