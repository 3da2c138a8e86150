import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const FOLDER = 'node_modules';
const LOCK = `${FOLDER}/.slipway-build`;

/**
 * Waits until no other build runs: two at once, as two starts in a fresh clone want them, would take away each other's
 * files.
 *
 * @returns {Promise<string | undefined>} a sentence that says why nothing can be built here
 */
export async function lock() {
  if (!existsSync(FOLDER)) {
    return 'The packages are not installed: run `npm ci` first.';
  }
  // Complete from its first moment on.
  const own = `${LOCK}.${process.pid}`;
  try {
    writeFileSync(own, String(process.pid));
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    return `The service has to be built, and ${process.cwd()} cannot be written to (${code}): let this user write there.`;
  }
  while (!isLinked(own)) {
    await delay(100);
  }
  rmSync(own);
}

export function unlock() {
  rmSync(LOCK);
}

/** @param {string} own */
function isLinked(own) {
  try {
    linkSync(own, LOCK);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') {
      throw error;
    }
    if (!isHeld()) {
      rmSync(LOCK, { force: true });
    }
    return false;
  }
}

/** Whether the build that the lock is of still runs, and was not killed. */
function isHeld() {
  try {
    return process.kill(Number(readFileSync(LOCK, 'utf8')), 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH';
  }
}
