import { statSync } from 'node:fs';
import path from 'node:path';

/**
 * How to start a Node process whose unprivileged children can use these folders. PostgreSQL refuses to run as root, so
 * root starts it as another user; in a folder that only root may enter (root's home, a `mktemp -d`) that user would
 * find neither its programs nor its data. `setpriv` lets it keep the one capability that it needs there.
 *
 * @param {string[]} folders absolute paths; what does not exist yet counts as its parent
 * @returns {{ execPath?: string, execArgv?: string[] }} options of `child_process.fork`
 */
export function reach(folders) {
  if (process.getuid?.() !== 0 || folders.every(isOpenToAll)) {
    return {};
  }
  const capability = '+dac_override';
  return {
    execPath: 'setpriv',
    execArgv: [
      '--securebits=+no_setuid_fixup',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
      process.execPath,
    ],
  };
}

/**
 * @param {string} folder
 * @returns {boolean}
 */
function isOpenToAll(folder) {
  const stats = statSync(folder, { throwIfNoEntry: false });
  const enter = 0o001;
  const parent = path.dirname(folder);
  return (!stats || (stats.mode & enter) !== 0) && (parent === folder || isOpenToAll(parent));
}
