import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { showLog } from './log-lines.mjs';

/** How long a program may take to end before it is replaced by a newer one. */
const REPLACE_MS = 1000;

/** A program of the service, such as the API, as a process of its own, which ends when this one is gone. */
export class Program {
  /**
   * @param {string} root
   * @param {string[]} args of Node
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(root, args, env) {
    const isTerminal = process.stdout.isTTY;
    this.child = spawn(process.execPath, ['--import', './service/dev/follow-parent.mjs', ...args], {
      cwd: root,
      env,
      stdio: ['inherit', isTerminal ? 'pipe' : 'inherit', 'inherit', 'ipc'],
    });
    if (this.child.stdout) {
      showLog(this.child.stdout, process.stdout);
    }
    /** @type {Promise<number>} its exit code; 1 where a signal ended it */
    this.ended = once(this.child, 'close').then(([code]) => code ?? 1);
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    this.child.kill(signal);
  }

  /** Ends it soon, whatever it is doing. */
  async replace() {
    this.kill('SIGTERM');
    const tooLate = setTimeout(() => this.kill('SIGKILL'), REPLACE_MS);
    await this.ended;
    clearTimeout(tooLate);
  }
}
