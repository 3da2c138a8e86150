import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Image } from '../stage/registry.ts';
import type { Processes } from '../stage/processes.ts';
import type { TaskState } from './decide.ts';
import { keepChecking, type Health, type HealthCheckSettings } from './health-check.ts';

/** What a task is made from: the parts of a container definition that are simulated, and what ECS adds to them. */
export interface TaskSettings {
  deployment: string;
  definition: string;
  image: Image;
  /** Of the task definition, secrets included. */
  environment: Record<string, string>;
  healthCheck?: HealthCheckSettings | undefined;
  /** Seconds from SIGTERM to SIGKILL. */
  stopTimeout: number;
  capacityProvider: string;
  /** A free port on this machine, in place of a network interface of the task's own. */
  port: number;
  /** How the task finds the database (task-network.mjs). */
  database: object;
  /** Absolute; gets the task's log. */
  folder: string;
}

const NETWORK = pathToFileURL(path.join(import.meta.dirname, 'task-network.mjs')).href;

/** A task: the image's own program as a process of its own, with the environment of its task definition. */
export class Task {
  readonly id = randomBytes(16).toString('hex');
  readonly startedAt = Date.now();
  state: TaskState = 'RUNNING';
  health: Health = 'UNKNOWN';
  /** Whether it was healthy at any time. */
  wasHealthy = false;
  /** Why it stopped, or has to. */
  reason: string | undefined;
  exitCode: number | null = null;
  deployment: string;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private readonly checks = new AbortController();

  constructor(
    readonly settings: TaskSettings,
    private readonly processes: Processes,
  ) {
    this.deployment = settings.deployment;
    const [program = '', ...args] = settings.image.command;
    const log = openSync(path.join(settings.folder, `${this.id}.log`), 'a');
    this.child = processes.spawn(program, args, {
      cwd: settings.image.folder,
      env: {
        ...this.variables(),
        NODE_OPTIONS: [this.variables()['NODE_OPTIONS'], `--import=${NETWORK}`].filter(Boolean).join(' '),
        REHEARSAL_DATABASE: JSON.stringify(settings.database),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.ended = once(this.child, 'exit').then(([code]) => (this.exitCode = code));
    if (settings.healthCheck === undefined) {
      this.become('HEALTHY');
    } else {
      const { healthCheck } = settings;
      void keepChecking(
        healthCheck,
        () => this.check(healthCheck),
        (health) => this.become(health),
        this.checks.signal,
      );
    }
  }

  get commit(): string {
    return this.settings.image.commit;
  }

  /** How the report shows it. */
  get shownState(): 'starting' | 'healthy' | 'draining' | 'stopping' {
    switch (this.state) {
      case 'RUNNING':
        return this.health === 'HEALTHY' ? 'healthy' : 'starting';
      case 'DEACTIVATING':
        return 'draining';
      default:
        return 'stopping';
    }
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** SIGTERM, and SIGKILL where that was not enough within the stop timeout. */
  async stop(): Promise<void> {
    this.checks.abort();
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.reason = `killed: it did not end within ${this.settings.stopTimeout} s of SIGTERM`;
      this.child.kill('SIGKILL');
    }, this.settings.stopTimeout * 1000);
    await this.ended;
    clearTimeout(timer);
  }

  /** What no program can prepare for. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Ends the health checks of a task whose process has ended. */
  forget(): void {
    this.checks.abort();
  }

  private become(health: Health): void {
    this.health = health;
    this.wasHealthy ||= health === 'HEALTHY';
  }

  /** The image's own variables, those of the task definition over them, and the port that it has here. */
  private variables(): Record<string, string> {
    const { image, environment, port } = this.settings;
    return { ...image.environment, ...environment, API_PORT: String(port) };
  }

  /** Runs the command of the health check as ECS does in the container: with its environment and working directory. */
  private async check({ command, timeout }: HealthCheckSettings): Promise<boolean> {
    const [kind, program = '', ...args] = command;
    if (kind !== 'CMD') {
      throw new Error(`a health check of the kind ${kind} is not simulated, only CMD`);
    }
    const probe = this.processes.spawn(programOf(program), args, {
      cwd: this.settings.image.folder,
      env: this.variables(),
      stdio: 'ignore',
    });
    const bound = new AbortController();
    const code = await Promise.race([
      once(probe, 'exit').then(([status]) => status),
      delay(timeout * 1000, 'late', { signal: bound.signal }).catch(() => {}),
    ]);
    bound.abort();
    probe.kill('SIGKILL');
    return code === 0;
  }
}

/** The image's Node is this machine's. */
function programOf(program: string): string {
  return path.basename(program) === 'node' ? process.execPath : program;
}
