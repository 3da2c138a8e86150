import { closeSync, openSync, readSync } from 'node:fs';
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Image } from '../stage/registry.ts';
import type { Processes } from '../stage/processes.ts';

/** What a container is made from. */
export interface ContainerSettings {
  image: Image;
  /** In place of the image's own. */
  command?: string[] | undefined;
  /** Of the task definition, secrets included, and what ECS adds to it. */
  environment: Record<string, string>;
  /** Seconds from SIGTERM to SIGKILL. */
  stopTimeout: number;
  /** How it finds the database (task-network.mjs). */
  database: object;
  /** Where its log goes; nothing where its task definition names none. */
  log: { group: string; stream: string } | undefined;
  /** Absolute; gets all that it writes. */
  file: string;
}

const NETWORK = pathToFileURL(path.join(import.meta.dirname, 'task-network.mjs')).href;

/** A container: the image's own program as a process, and what it writes. */
export class ContainerProcess {
  exitCode: number | null = null;
  /** Whether SIGTERM was not enough. */
  wasKilled = false;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readPosition = 0;

  constructor(
    readonly settings: ContainerSettings,
    private readonly processes: Processes,
  ) {
    const { image, command = image.command, file } = settings;
    const log = openSync(file, 'a');
    this.child = processes.spawn(image.entrypoint, command, {
      cwd: image.folder,
      env: {
        ...this.variables,
        NODE_OPTIONS: [this.variables['NODE_OPTIONS'], `--import=${NETWORK}`].filter(Boolean).join(' '),
        REHEARSAL_DATABASE: JSON.stringify(settings.database),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.ended = once(this.child, 'exit').then(([code]) => (this.exitCode = code));
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** SIGTERM, and SIGKILL where that was not enough within the stop timeout. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.wasKilled = true;
      this.child.kill('SIGKILL');
    }, this.settings.stopTimeout * 1000);
    await this.ended;
    clearTimeout(timer);
  }

  /** What no program can prepare for. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Starts another program of the image beside it, with the same environment. */
  run(program: string, args: string[]): ChildProcess {
    return this.processes.spawn(programOf(program), args, {
      cwd: this.settings.image.folder,
      env: this.variables,
      stdio: 'ignore',
    });
  }

  /** The whole lines that it wrote since the last time. */
  takeLines(): string[] {
    const log = openSync(this.settings.file, 'r');
    const parts: Buffer[] = [];
    for (let position = this.readPosition; ; position += parts.at(-1)?.length ?? 0) {
      const part = Buffer.alloc(65_536);
      const length = readSync(log, part, 0, part.length, position);
      if (length === 0) {
        break;
      }
      parts.push(part.subarray(0, length));
    }
    closeSync(log);
    const bytes = Buffer.concat(parts);
    const end = bytes.lastIndexOf(10) + 1;
    this.readPosition += end;
    return bytes.toString('utf8', 0, end).split('\n').filter(Boolean);
  }

  /** The image's own variables, and those of the task over them. */
  private get variables(): Record<string, string> {
    const { image, environment } = this.settings;
    return { ...image.environment, ...environment };
  }
}

/** The image's Node is this machine's. */
function programOf(program: string): string {
  return path.basename(program) === 'node' ? process.execPath : program;
}
