import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { IAC } from '../../test/support/layers.ts';

const SERVE = path.join(IAC, '../rehearsal/emulator/serve.py');

/** The emulator as a process of its own, on a free port, with deployments that succeed by themselves. */
export class Emulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @throws when it ends before it listens. */
  static async start(account: string): Promise<Emulator> {
    const python = process.env['SLIPWAY_PYTHON'] ?? 'python3';
    const child = spawn(python, [SERVE, '--port', '0', '--auto', '--account', account], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the emulator ended with code ${code} before it listened`);
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    ended.catch(() => undefined);
    const { port } = JSON.parse(line) as { port: number };
    return new Emulator(child, `http://127.0.0.1:${port}`);
  }

  /** What sends every client of AWS to the emulator. */
  environment(region: string): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      // What the emulator lacks answers 500; with the usual retries an apply would hang for minutes.
      AWS_MAX_ATTEMPTS: '2',
      AWS_PAGER: '',
    };
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
