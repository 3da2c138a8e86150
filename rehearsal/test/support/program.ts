import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '@slipway/test-helpers/root';

const LOADER = path.join(ROOT, 'typescript.mjs');

/** A rehearsal as a process of its own, in a temporary folder of its own that shows what it leaves. */
export class Program {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'rehearsal-test-'));
  output = '';
  private readonly child;
  private readonly ended;

  /** @param script from the repository's root */
  constructor(script: string, ...args: string[]) {
    this.child = spawn(process.execPath, ['--import', LOADER, path.join(ROOT, script), ...args], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: this.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
  }

  /** Waits for a line that says this. @throws {Error} with everything that was said when there is none */
  async says(text: string): Promise<void> {
    for await (const line of createInterface({ input: this.child.stdout })) {
      this.output += `${line}\n`;
      if (line.includes(text)) {
        // Whoever reads on gets the rest.
        this.child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
        return;
      }
    }
    throw new Error(`it never said ${text}:\n${this.output}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits for its end. @returns the exit code */
  async end(): Promise<number | null> {
    this.child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    return this.ended;
  }

  /** The object on its last line. */
  get result(): unknown {
    return JSON.parse(this.output.trimEnd().split('\n').at(-1) ?? '');
  }

  /** What is left: files in its temporary folder, and processes that have that folder in their environment or arguments. */
  leftovers(): { files: string[]; processes: string[] } {
    return { files: readdirSync(this.folder), processes: processesThatName(this.folder) };
  }
}

/** The arguments of every process whose arguments or environment name the text. */
function processesThatName(text: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return pids.flatMap((pid) => {
    const [args, environment] = [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`)];
    return args.includes(text) || environment.includes(text) ? [args.replaceAll('\0', ' ')] : [];
  });
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
