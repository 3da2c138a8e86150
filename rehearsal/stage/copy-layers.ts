import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';

const ZIP = 'redeployer/dist/redeployer.zip';

/**
 * Copies the Terraform code, which Terraform writes beside, and the redeployer's zip to where that code looks for it.
 *
 * @param folder absolute; gets `iac/` and `redeployer/`
 */
export async function copyLayers(folder: string): Promise<void> {
  await cp(path.join(ROOT, 'iac'), path.join(folder, 'iac'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => path.basename(source) !== '.terraform',
  });
  await mkdir(path.join(folder, path.dirname(ZIP)), { recursive: true });
  await cp(path.join(ROOT, ZIP), path.join(folder, ZIP));
}
