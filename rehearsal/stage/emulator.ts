import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '@slipway/test-helpers/root';
import { killGroup, type Processes } from './processes.ts';

/** An answer of the control API that is an error. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The AWS emulator as a process of its own, and its control API. */
export class Emulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /**
   * Starts it on a free port.
   *
   * @param python the interpreter that has moto
   * @param account 12 digits
   * @param log absolute; gets what it writes
   */
  static async start(processes: Processes, python: string, account: string, log: string): Promise<Emulator> {
    const script = path.join(ROOT, 'rehearsal/emulator/serve.py');
    const errors = openSync(log, 'a');
    const child = processes.spawn(python, [script, '--port', '0', '--account', account], {
      // Whoever is asked for no bytecode leaves none in the checkout.
      env: { PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', errors],
    });
    closeSync(errors);
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(
        `the emulator ended with code ${code} before it listened:\n${readFileSync(log, 'utf8')}`,
      );
    });
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    ended.catch(() => {});
    const { port } = JSON.parse(line) as { port: number };
    return new Emulator(child, `http://127.0.0.1:${port}`);
  }

  /** Asks the control API. @throws {ControlError} */
  async control<T = unknown>(route: string, body?: object): Promise<T> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}/_emulator/${route}`, init);
    const value = (await answer.json()) as T & { error?: string };
    if (!answer.ok) {
      throw new ControlError(answer.status, `${route}: ${value.error}`);
    }
    return value;
  }

  /** Ends it and the functions that it runs. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) {
      return;
    }
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const bound = new AbortController();
    await Promise.race([ended, delay(5000, undefined, { signal: bound.signal }).catch(() => {})]);
    bound.abort();
    killGroup(this.child);
    await ended;
  }
}
