import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './root.ts';

/** What a run left behind when its process ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export type LogLine = Record<string, unknown> & { msg?: string };

/** The built service (`node dist/main.js`) as a process of its own, as the image runs it. */
export class ServiceProcess {
  /** Everything that it wrote, standard output and standard error together. */
  output = '';
  private readonly ended: Promise<Ended>;
  private readonly listening: Promise<string>;

  private constructor(readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    child.stderr?.on('data', (chunk) => (this.output += chunk));
    this.listening = new Promise((resolve) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        this.output += `${line}\n`;
        const url = /"url":"([^"]+)".*"msg":"listening"/.exec(line)?.[1];
        if (url) {
          resolve(url.replace('localhost', '127.0.0.1'));
        }
      });
    });
  }

  /** Starts the service with these variables and no others of its own, on a free port unless they name one. */
  static spawn(variables: Record<string, string | undefined>): ServiceProcess {
    const { PATH } = process.env;
    return new ServiceProcess(
      spawn(process.execPath, ['dist/main.js'], { cwd: ROOT, env: { PATH, API_PORT: '0', ...variables } }),
    );
  }

  /** Starts the service and waits until it listens; fails with its output when it ends instead. */
  static async start(variables: Record<string, string | undefined>): Promise<ServiceProcess> {
    const service = ServiceProcess.spawn(variables);
    await service.url();
    return service;
  }

  /** The address that the service says it listens on. */
  url(): Promise<string> {
    return Promise.race([
      this.listening,
      this.ended.then(({ code }) => {
        throw new Error(`the service ended with code ${code} before it listened:\n${this.output}`);
      }),
    ]);
  }

  async get(route: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(route, await this.url()), init);
  }

  /** Waits for the question that the service asks the database by itself at its start: it is over when it is logged. */
  async connected(): Promise<void> {
    while (!this.output.includes('"msg":"the database answers"')) {
      await delay(20);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  exit(): Promise<Ended> {
    return this.ended;
  }

  async stop(): Promise<Ended> {
    this.kill('SIGTERM');
    return this.exit();
  }

  /** The log so far, a line an object; a line that is not JSON fails. */
  log(): LogLine[] {
    return this.output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}
