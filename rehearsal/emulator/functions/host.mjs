/**
 * The process that a function runs in: loads `_HANDLER` from the working directory, reads one invocation a line from
 * the file descriptor that the first argument names, and writes one answer a line to that of the second. What the
 * function prints stays on its own output.
 */
import { existsSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ event: unknown, context: Record<string, string>, deadline: number }} Invocation `deadline` in
 *   milliseconds since 1970
 * @typedef {(event: unknown, context: object) => unknown} Handler
 */

const [invocations = NaN, answers = NaN] = process.argv.slice(2).map(Number);

/** @returns {Promise<Handler>} */
async function load() {
  const [file = '', name = ''] = (process.env['_HANDLER'] ?? '').split('.');
  const found = ['.mjs', '.js', '.cjs']
    .map((extension) => path.resolve(file + extension))
    .find((candidate) => existsSync(candidate));
  if (!found) throw new Error(`Cannot find module '${file}'`);
  /** @type {Record<string, unknown>} */
  const module = await import(pathToFileURL(found).href);
  const handler = module[name];
  if (typeof handler !== 'function') throw new Error(`${file}.${name} is undefined or not exported`);
  return /** @type {Handler} */ (handler);
}

/**
 * @param {unknown} error
 * @returns what Lambda answers for an error that a handler throws
 */
function describe(error) {
  if (!(error instanceof Error)) return { errorType: 'string', errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

/** @param {object} message */
function answer(message) {
  writeSync(answers, `${JSON.stringify(message)}\n`);
}

try {
  const handler = await load();
  // A socket, for a file stream reads in a thread that `process.exit` would wait for.
  for await (const line of createInterface({ input: new Socket({ fd: invocations }) })) {
    /** @type {Invocation} */
    const { event, context, deadline } = JSON.parse(line);
    const getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
    try {
      answer({ payload: (await handler(event, { ...context, getRemainingTimeInMillis })) ?? null });
    } catch (error) {
      answer({ error: describe(error) });
    }
  }
} catch (error) {
  answer({ error: describe(error) });
  process.exitCode = 1;
}
