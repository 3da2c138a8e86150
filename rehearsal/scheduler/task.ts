import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Processes } from '../stage/processes.ts';
import { ContainerProcess, type ContainerSettings } from './container-process.ts';
import type { TaskState } from './decide.ts';
import { keepChecking, type Health, type HealthCheckSettings } from './health-check.ts';

/** What a task of a service is made from, beside its container. */
export interface TaskSettings {
  id: string;
  deployment: string;
  definition: string;
  healthCheck?: HealthCheckSettings | undefined;
  capacityProvider: string;
  /** A free port on this machine, in place of a network interface of the task's own. */
  port: number;
  container: ContainerSettings;
}

/** A task of a service, with the health of its container. */
export class Task {
  readonly startedAt = Date.now();
  state: TaskState = 'RUNNING';
  health: Health = 'UNKNOWN';
  /** Whether it was healthy at any time. */
  wasHealthy = false;
  /** Why it stopped, or has to. */
  reason: string | undefined;
  deployment: string;
  readonly container: ContainerProcess;
  private readonly checks = new AbortController();

  constructor(
    readonly settings: TaskSettings,
    processes: Processes,
  ) {
    const { deployment, container, port, healthCheck } = settings;
    this.deployment = deployment;
    const environment = { ...container.environment, API_PORT: String(port) };
    this.container = new ContainerProcess({ ...container, environment }, processes);
    if (healthCheck === undefined) {
      this.become('HEALTHY');
    } else {
      void keepChecking(
        healthCheck,
        () => this.check(healthCheck),
        (health) => this.become(health),
        this.checks.signal,
      );
    }
  }

  get id(): string {
    return this.settings.id;
  }

  get commit(): string {
    return this.settings.container.image.commit;
  }

  get exitCode(): number | null {
    return this.container.exitCode;
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

  async stop(): Promise<void> {
    this.forget();
    await this.container.stop();
    if (this.container.wasKilled) {
      this.reason = `killed: it did not end within ${this.settings.container.stopTimeout} s of SIGTERM`;
    }
  }

  /** Ends the health checks of a task whose process has ended. */
  forget(): void {
    this.checks.abort();
  }

  private become(health: Health): void {
    this.health = health;
    this.wasHealthy ||= health === 'HEALTHY';
  }

  /** Runs the command of the health check as ECS does in the container: with its environment and working directory. */
  private async check({ command, timeout }: HealthCheckSettings): Promise<boolean> {
    const [kind, program = '', ...args] = command;
    if (kind !== 'CMD') {
      throw new Error(`a health check of the kind ${kind} is not simulated, only CMD`);
    }
    const probe = this.container.run(program, args);
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
