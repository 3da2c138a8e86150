/**
 * `npm run build`: `nest build`, the compiler that nest-cli.json sets up, writes build/, and bundle.mjs makes dist/ of
 * it. With --if-changed it does nothing where the last build was of the same files, as `npm start` wants it.
 *
 * What was built is told by its content and not by times, which a checkout or a copy may set as it likes. The record of
 * it goes first and comes last, so that a build that was cut short never counts, and is made of what was there before
 * the compiler read it, so that a file saved meanwhile is built the next time.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { lock, unlock } from './build-lock.mjs';

const COMPILER = 'node_modules/@nestjs/cli/bin/nest.js';
const RECORD = 'build/.inputs';
const OUTPUTS = ['dist/main.js', 'dist/serve.js', 'dist/migrate.js', 'dist/health/probe.js'];
const INPUTS = [
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'package-lock.json',
  // What npm did install, whatever the lock file says by now.
  'node_modules/.package-lock.json',
  'service/build.mjs',
  'service/bundle.mjs',
  'service/without-jiti.mjs',
  'service/src',
];

if (isWanted()) {
  const obstacle = await lock();
  if (obstacle !== undefined) {
    process.stderr.write(`${obstacle}\n`);
    process.exit(1);
  }
  try {
    // Another start may have built it meanwhile.
    if (isWanted()) {
      build();
    }
  } finally {
    unlock();
  }
}

function isWanted() {
  return !process.argv.includes('--if-changed') || !isBuilt();
}

function build() {
  const inputs = digest();
  rmSync(RECORD, { force: true });
  process.exitCode = run(COMPILER, 'build') || run('service/bundle.mjs');
  if (process.exitCode === 0) {
    writeFileSync(RECORD, inputs);
  }
}

function isBuilt() {
  return OUTPUTS.every(existsSync) && existsSync(RECORD) && readFileSync(RECORD, 'utf8') === digest();
}

function digest() {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap(filesIn)) {
    const content = readFileSync(file);
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} input a file, or a folder with all that is in it but tests
 * @returns {string[]}
 */
function filesIn(input) {
  if (statSync(input, { throwIfNoEntry: false })?.isDirectory()) {
    return readdirSync(input)
      .toSorted()
      .flatMap((name) => filesIn(`${input}/${name}`));
  }
  return existsSync(input) && !input.endsWith('.spec.ts') ? [input] : [];
}

/**
 * @param {string[]} script
 * @returns {number} its exit code
 */
function run(...script) {
  return spawnSync(process.execPath, script, { stdio: 'inherit' }).status ?? 1;
}
