/** `npm run rehearse`: the whole loop on one machine. README.md in this folder says what is real and what is simulated. */
import path from 'node:path';
import { readOptions, USAGE, type Options } from './options.ts';
import { perform } from './perform.ts';
import { installPython, python } from './python.ts';
import { findMissing } from './requirements.ts';
import { readEnvironment } from './stage/environment.ts';
import { events, scripts } from './stage/pipeline.ts';
import { quickSteps, steps } from './steps/index.ts';
import { QUICK } from './steps/quick.ts';

const { environment, keep, json } = read();
const isQuick = environment === undefined;
try {
  installPython();
} catch (error) {
  fail((error as Error).message);
}
const missing = await findMissing(isQuick);
if (missing !== undefined) {
  fail(missing);
}
const code = await perform({
  environment: isQuick ? QUICK : readEnvironment(environment),
  python: python(),
  pipeline: isQuick ? events : scripts,
  steps: isQuick ? quickSteps : steps(keep),
  keep,
  json,
  report: path.join('.data', `rehearsal-${environment ?? 'quick'}.html`),
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
