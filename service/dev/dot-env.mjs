import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

const ENTRY = /^\s*(?:export\s+)?[A-Za-z_]\w*\s*=/;
const NOTHING = /^\s*(?:#.*)?$/;
/** A value in quotes may go over several lines. */
const QUOTED_VALUE = /=[ \t]*(["'`])[^]*?\1/g;
const OPEN_QUOTE = /=[ \t]*["'`]/;

/**
 * The variables of a `.env`; none where there is no such file.
 *
 * @param {string} file
 * @returns {Record<string, string>}
 * @throws {Error} a sentence that names the line, and nothing of what stands in it: it may be a secret
 */
export function readDotEnv(file) {
  const text = read(file);
  const line = malformedLine(text);
  if (line !== undefined) {
    throw new Error(`${file}, line ${line}: expected NAME=value, a comment (#) or an empty line.`);
  }
  return /** @type {Record<string, string>} */ (parseEnv(text));
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT') {
      return '';
    }
    throw new Error(`${file} cannot be read (${code}): mend it, or delete it.`, { cause: error });
  }
}

/**
 * Node's parser passes over what it does not understand.
 *
 * @param {string} text
 * @returns {number | undefined} counted from 1
 */
function malformedLine(text) {
  const lines = text.replace(QUOTED_VALUE, (value) => `=${'#\n'.repeat(value.split('\n').length - 1)}`);
  const index = lines
    .split('\n')
    .findIndex((line) => !NOTHING.test(line) && (!ENTRY.test(line) || OPEN_QUOTE.test(line)));
  return index === -1 ? undefined : index + 1;
}
