/** `npm run rehearse`: the whole loop on one machine. README.md in this folder says what is real and what is played. */
import path from 'node:path';
import { readOptions, USAGE, type Options } from './options.ts';
import { perform } from './perform.ts';
import { findMissing, python } from './requirements.ts';
import { readEnvironment } from './stage/environment.ts';
import { steps } from './steps/index.ts';

const { environment, keep, json } = read();
const missing = await findMissing();
if (missing !== undefined) {
  fail(missing);
}
const code = await perform({
  environment: readEnvironment(environment),
  python: python(),
  steps: steps(keep),
  keep,
  json,
  report: path.join('.data', `rehearsal-${environment}.html`),
});
process.exit(code);

function read(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
