import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';

/** What the emulator and the rehearsal take from PyPI. */
const LISTS = ['rehearsal/requirements.txt', 'rehearsal/emulator/requirements.txt'];

/** Where this state of the lists is installed: another state gets a folder of its own. */
function folder(): string {
  const hash = createHash('sha256');
  LISTS.forEach((list) => hash.update(readFileSync(path.join(ROOT, list))));
  return path.join(ROOT, '.data', `python-${hash.digest('hex').slice(0, 16)}`);
}

const isComplete = (at: string) => existsSync(path.join(at, 'complete'));

/** The interpreter for the emulator: SLIPWAY_PYTHON, else the one that `installPython` made, else the `python3` on the PATH. */
export function python(): string {
  const own = folder();
  return process.env['SLIPWAY_PYTHON'] ?? (isComplete(own) ? path.join(own, 'bin/python') : 'python3');
}

/**
 * Makes the interpreter for the emulator, once, under `.data/`, and puts its programs first on this process's PATH. Does
 * nothing where SLIPWAY_PYTHON names another.
 *
 * @throws {Error} that says what is missing and how to get it
 */
export function installPython(): void {
  if (process.env['SLIPWAY_PYTHON'] !== undefined) {
    return;
  }
  const own = folder();
  if (!isComplete(own)) {
    process.stderr.write(
      `Installing the emulator's Python packages into ${path.relative(ROOT, own)}: once, for about a minute.\n`,
    );
    mkdirSync(own, { recursive: true });
    install('python3', '-m', 'venv', '--clear', own);
    install(
      path.join(own, 'bin/pip'),
      'install',
      '--quiet',
      '--requirement',
      path.join(ROOT, LISTS[0] ?? ''),
    );
    writeFileSync(path.join(own, 'complete'), '');
  }
  process.env['PATH'] = `${path.join(own, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`;
}

function install(program: string, ...args: string[]): void {
  try {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(
      `The emulator's Python packages could not be installed: ${stderr.trim() || message}\n` +
        'It needs Python 3.10 or newer with venv and pip (on Debian: apt-get install python3-venv), and PyPI or a mirror of it; ' +
        'or SLIPWAY_PYTHON, an interpreter that has them.',
      { cause: error },
    );
  }
}
