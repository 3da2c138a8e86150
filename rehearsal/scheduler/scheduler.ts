import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { ControlError } from '../stage/emulator.ts';
import type { Balancer } from '../balancer/balancer.mjs';
import type { Processes } from '../stage/processes.ts';
import { Containers, type ContainerStage } from './containers.ts';
import { decide, type Decision, type SeenTask, type Wanted } from './decide.ts';
import { place } from './placement.ts';
import type { SeenDeployment, SeenService } from './services.ts';
import { StandaloneTasks } from './standalone-tasks.ts';
import { Task } from './task.ts';

/** Milliseconds from one look at the services to the next. */
const TICK_MS = 500;
/** Seconds for which a reclaimed Spot task is still registered after its SIGTERM. */
const LATE_DEREGISTRATION = 5;

/** What a scheduler works with. */
export interface Stage extends ContainerStage {
  processes: Processes;
  /** The target group, for a service that has a load balancer. */
  balancer?: Balancer | undefined;
  /** Seconds for which a target drains. */
  deregistrationDelay: number;
  /** Hears of everything that happens to tasks. */
  tell(text: string): void;
}

/** Simulates ECS: runs what the services of the emulator want, and reports what becomes of it. */
export class Scheduler {
  /** Every task of the service that has not stopped, and those that stopped since the last report. */
  private tasks: Task[] = [];
  private readonly failed = new Map<string, number>();
  /** Since when a deployment has all that it wants, in milliseconds of `performance.now()`. */
  private readonly doneSince = new Map<string, number>();
  private readonly containers: Containers;
  private readonly standalone: StandaloneTasks;
  private readonly leaving = new Set<Promise<void>>();
  private loop: Promise<void> | undefined;
  private readonly started = new Map<string, number>();
  private isStopped = false;
  /** When the last rollout was completed, in milliseconds of `performance.now()`. */
  completedAt = 0;

  constructor(private readonly stage: Stage) {
    const { processes } = stage;
    const control = <T>(route: string, body?: object) => stage.control<T>(route, body);
    const tell = (text: string) => stage.tell(text);
    this.containers = new Containers(stage);
    this.standalone = new StandaloneTasks(control, this.containers, processes, tell);
  }

  /** @param onError hears of an error that ends the loop */
  start(onError: (error: unknown) => void): void {
    this.loop = this.keepLooking().catch(onError);
  }

  /** Ends the loop; its tasks go with the rehearsal's processes. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.loop;
    for (const task of this.tasks) {
      task.forget();
    }
  }

  /** The tasks that have not stopped. */
  get current(): readonly Task[] {
    return this.tasks.filter(({ state }) => state !== 'STOPPED');
  }

  /** Tasks whose containers run and are healthy: what a client without a load balancer may talk to. */
  get healthy(): readonly Task[] {
    return this.tasks.filter(({ state, health }) => state === 'RUNNING' && health === 'HEALTHY');
  }

  /** Tasks that get requests: healthy, for the load balancer too where there is one. */
  get serving(): readonly Task[] {
    const { balancer } = this.stage;
    const isInService = ({ id }: Task) =>
      balancer === undefined ||
      balancer.targets.some((target) => target.id === id && target.state === 'healthy');
    return this.healthy.filter(isInService);
  }

  /** How many tasks of a commit were ever started. */
  startedOf(commit: string): number {
    return this.started.get(commit) ?? 0;
  }

  /** The exit codes of a commit's release commands. */
  commandsOf(commit: string): number[] {
    return this.standalone.ended.filter((one) => one.commit === commit).map(({ exitCode }) => exitCode);
  }

  /** Takes tasks back as Fargate Spot does: SIGTERM first, and the load balancer hears of it only then. */
  reclaim(tasks: readonly Task[]): void {
    for (const task of tasks) {
      task.state = 'DEACTIVATING';
      task.reason = 'Your Spot Task was interrupted.';
      this.stage.tell(`${name(task)} reclaimed: SIGTERM, still registered for ${LATE_DEREGISTRATION} s`);
      this.keep(async () => {
        const ended = task.stop();
        await Promise.race([ended, delay(LATE_DEREGISTRATION * 1000)]);
        await Promise.all([ended, this.deregister(task)]);
      }, task);
    }
  }

  private async keepLooking(): Promise<void> {
    while (!this.isStopped) {
      await this.standalone.look();
      for (const { container } of this.tasks) {
        await this.containers.deliver(container);
      }
      const { services } = await this.stage.control<{ services: SeenService[] }>('services');
      for (const service of services) {
        await this.look(service).catch((error: unknown) => {
          // Between two calls the service got another deployment: the next look sees it.
          if (!(error instanceof ControlError && error.status === 409)) {
            throw error;
          }
        });
      }
      await delay(TICK_MS);
    }
  }

  private async look(service: SeenService): Promise<void> {
    const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
    if (primary === undefined) {
      return;
    }
    this.adopt(service, primary);
    this.noticeEnded(primary.id);
    const decision = decide(
      this.wanted(service, primary),
      this.tasks.map((task) => this.seen(task, service)),
    );
    if (!(await this.report(service, decision))) {
      return;
    }
    const names = { service: service.arn, deployment: primary.id };
    if (decision.isFailed) {
      this.stage.tell(
        `circuit breaker: ${this.failed.get(primary.id)} tasks of ${short(primary.taskDefinition)} failed`,
      );
      await this.stage.control('deployments/fail', {
        ...names,
        reason: 'ECS deployment circuit breaker: tasks failed to start.',
      });
      return;
    }
    for (const id of decision.stop) {
      this.leave(id, primary.id);
    }
    for (const id of decision.start) {
      const { taskDefinition } = service.deployments.find((one) => one.id === id) ?? primary;
      await this.launch(service, id, taskDefinition);
    }
    if (this.isBaked(primary.id, decision, service.bakeSeconds)) {
      await this.stage.control('deployments/complete', names);
      this.completedAt = performance.now();
      this.stage.tell(`rollout of ${short(primary.taskDefinition)} completed`);
    }
  }

  private wanted(service: SeenService, primary: SeenDeployment): Wanted {
    const { enable, threshold } = service.circuitBreaker;
    const previous = service.deployments.find(
      ({ status, rolloutState }) => status === 'ACTIVE' && rolloutState === 'COMPLETED',
    );
    return {
      primary: primary.id,
      isInProgress: primary.rolloutState === 'IN_PROGRESS',
      previous: previous && { id: previous.id, desired: previous.desiredCount },
      desired: service.desiredCount,
      minimumHealthyPercent: service.minimumHealthyPercent,
      maximumPercent: service.maximumPercent,
      failed: this.failed.get(primary.id) ?? 0,
      failureThreshold: enable ? threshold : undefined,
    };
  }

  /** Whether a rollout that has all it wants was watched for long enough by the alarms. */
  private isBaked(deployment: string, { isComplete }: Decision, seconds: number): boolean {
    if (!isComplete) {
      this.doneSince.delete(deployment);
      return false;
    }
    const since = this.doneSince.get(deployment) ?? performance.now();
    this.doneSince.set(deployment, since);
    return performance.now() - since >= seconds * 1000;
  }

  /** A rollback keeps the tasks that still run of the revision that it goes back to. */
  private adopt(service: SeenService, primary: SeenService['deployments'][number]): void {
    const known = new Set(service.deployments.map(({ id }) => id));
    for (const task of this.tasks) {
      if (
        !known.has(task.deployment) &&
        task.settings.definition === primary.taskDefinition &&
        task.state === 'RUNNING'
      ) {
        task.deployment = primary.id;
      }
    }
  }

  private noticeEnded(primary: string): void {
    for (const task of this.tasks.filter(
      ({ state, container }) => state === 'RUNNING' && container.hasEnded,
    )) {
      task.forget();
      task.state = 'STOPPED';
      task.reason = 'Essential container in task exited';
      this.stage.tell(`${name(task)} ended by itself`);
      this.countFailure(task, primary);
      this.keep(() => this.deregister(task, 0), task);
    }
  }

  private countFailure(task: Task, primary: string): void {
    if (!task.wasHealthy && task.deployment === primary) {
      this.failed.set(primary, (this.failed.get(primary) ?? 0) + 1);
    }
  }

  /** @returns whether the deployment that it decided on is still the one to bring up */
  private async report(service: SeenService, { start }: Decision): Promise<boolean> {
    const known = new Set(service.deployments.map(({ id }) => id));
    const listed = this.tasks.filter(({ deployment }) => known.has(deployment));
    await this.stage.control('tasks', {
      service: service.arn,
      tasks: listed.map(({ id, deployment, state, reason, exitCode }) => ({
        id,
        deployment,
        status: state,
        reason,
        exitCode,
      })),
    });
    for (const { container } of listed.filter(({ state }) => state === 'STOPPED')) {
      await this.containers.deliver(container);
    }
    this.tasks = this.tasks.filter(({ state }) => state !== 'STOPPED');
    const [before] = service.deployments;
    let now = service;
    for (const { id, status } of service.deployments) {
      const tasks = listed.filter(({ deployment }) => deployment === id);
      const running = tasks.filter(
        ({ state }) => state === 'RUNNING' || (state === 'DEACTIVATING' && status !== 'PRIMARY'),
      );
      const starting = start.filter((deployment) => deployment === id).length;
      const pending = status === 'PRIMARY' ? Math.max(0, service.desiredCount - running.length) : starting;
      const counts = { running: running.length, pending, failed: this.failed.get(id) ?? 0 };
      now = await this.stage.control<SeenService>('deployments/report', {
        service: service.arn,
        deployment: id,
        ...counts,
      });
    }
    const [primary] = now.deployments;
    const given = now.deployments.find(({ id }) => id === before?.id);
    if (given?.rolloutState === 'FAILED' && before?.rolloutState === 'IN_PROGRESS') {
      this.stage.tell(`an alarm went off: ${short(given.taskDefinition)} is rolled back`);
    }
    return primary?.id === before?.id && given?.rolloutState === before?.rolloutState;
  }

  private seen(task: Task, service: SeenService): SeenTask {
    const { id, deployment, state, startedAt } = task;
    const target = this.stage.balancer?.targets.find((one) => one.id === id)?.state;
    const hasGrace = Date.now() - startedAt < service.healthCheckGracePeriodSeconds * 1000;
    const isBad = task.health === 'UNHEALTHY' || target === 'unhealthy';
    const isGood = task.health === 'HEALTHY' && (this.stage.balancer === undefined || target === 'healthy');
    const health = isGood ? 'HEALTHY' : isBad && !hasGrace ? 'UNHEALTHY' : 'UNKNOWN';
    return { id, deployment, state, startedAt, health };
  }

  private async launch(service: SeenService, deployment: string, definition: string): Promise<void> {
    const id = randomBytes(16).toString('hex');
    const { settings: container, container: defined } = await this.containers.prepare(definition, id);
    const placed = this.tasks.filter(({ state }) => state === 'RUNNING');
    const task = new Task(
      {
        id,
        deployment,
        definition,
        healthCheck: defined.healthCheck,
        capacityProvider: place(
          service.capacityProviderStrategy,
          placed.map(({ settings }) => settings.capacityProvider),
        ),
        port: await getPort({ host: '127.0.0.1' }),
        container,
      },
      this.stage.processes,
    );
    this.tasks.push(task);
    this.started.set(task.commit, this.startedOf(task.commit) + 1);
    this.stage.balancer?.register(task.id, task.settings.port);
    this.stage.tell(`${name(task)} started on ${task.settings.capacityProvider}`);
  }

  /** As ECS stops a task: out of the load balancer first, then SIGTERM. */
  private leave(id: string, primary: string): void {
    const task = this.tasks.find((one) => one.id === id);
    if (task === undefined) {
      return;
    }
    const isUnhealthy = task.health === 'UNHEALTHY';
    if (isUnhealthy) {
      this.countFailure(task, primary);
    }
    task.state = 'DEACTIVATING';
    task.reason = isUnhealthy
      ? 'Task failed container health checks'
      : 'Scaling activity initiated by deployment';
    this.stage.tell(`${name(task)} ${isUnhealthy ? 'is unhealthy and' : ''} has to go`);
    this.keep(async () => {
      await this.deregister(task);
      task.state = 'STOPPING';
      await task.stop();
    }, task);
  }

  /** Takes a task out of the load balancer; ECS goes on when the target has drained for as long as it may. */
  private async deregister(task: Task, seconds = this.stage.deregistrationDelay): Promise<void> {
    const { balancer } = this.stage;
    if (balancer?.targets.some(({ id }) => id === task.id)) {
      await Promise.all([balancer.deregister(task.id), delay(seconds * 1000)]);
    }
  }

  /** Keeps track of a task's way out. */
  private keep(work: () => Promise<void>, task: Task): void {
    const leave = async () => {
      await work();
      if (task.state !== 'STOPPED') {
        task.state = 'STOPPED';
        this.stage.tell(
          `${name(task)} ended with ${task.exitCode === 0 ? 'exit code 0' : `code ${task.exitCode}`}`,
        );
      }
    };
    const promise = leave().finally(() => this.leaving.delete(promise));
    this.leaving.add(promise);
  }

  /** Waits until no task is on its way out any more. */
  async settled(): Promise<void> {
    while (this.leaving.size > 0) {
      await Promise.all(this.leaving);
    }
  }
}

function name({ id, commit }: Task): string {
  return `task ${id.slice(0, 6)} (${commit.slice(0, 7)})`;
}

function short(taskDefinition: string): string {
  return taskDefinition.split('/').at(-1) ?? taskDefinition;
}
