import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The password of the data beside it, made at the first start.
 *
 * @param {string} file
 * @param {string} data the folder of the data that it is for
 * @throws {Error} a sentence that says what to do
 */
export function keptPassword(file, data) {
  try {
    if (!existsSync(file) && !existsSync(data)) {
      create(file);
    }
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Error(
      code === 'ENOENT'
        ? `${file} is gone, and nobody can sign in to the data beside it without: put it back, or delete ${path.dirname(file)} to start afresh, without what is in it.`
        : `${file} cannot be read or written (${code}): let this user write there, or set DB_HOST to use another database.`,
      { cause: error },
    );
  }
}

/**
 * Complete from its first moment on, and of two starts at once the first one's.
 *
 * @param {string} file
 */
function create(file) {
  const own = `${file}.${process.pid}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(own, randomBytes(18).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(own, file);
  } catch (error) {
    if (!existsSync(file)) {
      throw error;
    }
  } finally {
    rmSync(own);
  }
}
