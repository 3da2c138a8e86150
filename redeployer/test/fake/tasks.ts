import type { RunTaskCommandInput, Tag } from '@aws-sdk/client-ecs';
import type { Clock } from './clock.ts';
import type { Revision } from './ecs.ts';
import { Versions } from './versions.ts';

/** What becomes of a task: its container exits with 0 or 1, it never starts, or it runs until it is stopped. */
export type Behaviour = 'succeeds' | 'fails' | 'cannot start' | 'hangs';

export interface TaskRecord {
  readonly arn: string;
  readonly family: string;
  readonly taskDefinition: string;
  readonly startedBy: string;
  readonly clientToken: string;
  /** What a second call with the token has to repeat. */
  readonly settings: string;
  readonly createdAt: Date;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly lastStatus: 'RUNNING' | 'DEPROVISIONING' | 'STOPPED';
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** When it stopped, by the clock that nobody is told. */
  readonly ended?: number;
}

const ACCOUNT = 'arn:aws:ecs:eu-central-1:111122223333';
const HOUR = 60 * 60_000;

/**
 * The tasks of one cluster that nobody's service started.
 * Models: client tokens, remembered for a day, or for an hour from the end of their task; the conflict when a token
 * comes with other settings; tasks that are on their way out, and forgotten an hour after they stopped; who is
 * stopped and exits with 0; lists by family and desired status in pages of two; reads that are behind.
 * Does not model: capacity, several containers, tasks of services.
 */
export class FakeTasks {
  /** Events of tasks, in the shape of their detail. */
  readonly events: object[] = [];
  /** Tasks that must not have been started. */
  readonly broken: string[] = [];
  private readonly versions = new Versions<{ tasks: readonly TaskRecord[] }>({ tasks: [] });

  constructor(
    readonly now: (clock?: Clock) => number,
    readonly find: (name: string) => Revision | undefined,
    readonly hasSucceeded: (revision: Revision) => boolean,
    readonly behaviour: (revision: Revision) => Behaviour,
  ) {}

  get all(): readonly TaskRecord[] {
    return this.versions.newest.tasks;
  }

  inFlight(): TaskRecord | undefined {
    return this.all.find(({ lastStatus }) => lastStatus !== 'STOPPED');
  }

  /** @param isInformed whether who starts it can know that it has succeeded before. */
  run(input: RunTaskCommandInput, isInformed: boolean) {
    const { clientToken = '', startedBy = '', taskDefinition = '' } = input;
    const settings = JSON.stringify(input);
    const known = this.all.find((one) => one.clientToken === clientToken && this.remembers(one));
    if (known && known.settings !== settings) throw conflict();
    if (known) return { tasks: [{ taskArn: known.arn }], failures: [] };
    const running = this.inFlight();
    const family = /task-definition\/(.*):\d+$/.exec(taskDefinition)?.[1] ?? '';
    const arn = `${ACCOUNT}:task/main/${String(this.all.length + 1).padStart(32, '0')}`;
    if (running) this.broken.push(`${arn} was started while ${running.arn} ran`);
    const revision = this.find(taskDefinition);
    if (isInformed && revision && this.hasSucceeded(revision)) {
      this.broken.push(`${arn} was started for a commit that had succeeded with this template`);
    }
    const createdAt = new Date(this.now('tasks'));
    const started = { desiredStatus: 'RUNNING', lastStatus: 'RUNNING' } as const;
    const task = { arn, family, taskDefinition, startedBy, clientToken, settings, createdAt, ...started };
    this.versions.follow({ tasks: [...this.all, task] });
    return { tasks: [{ taskArn: arn }], failures: [] };
  }

  /** Changes nothing of a task that has ended, or is about to. */
  stop(arn: string, reason: string): void {
    if (this.all.find((one) => one.arn === arn)?.desiredStatus !== 'RUNNING') return;
    this.change(arn, { desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: reason });
  }

  /** Lets the task in flight go one step further: on its way out, then stopped. */
  advance(): void {
    const task = this.inFlight();
    if (!task) return;
    if (task.lastStatus === 'DEPROVISIONING') {
      this.change(task.arn, { lastStatus: 'STOPPED', ended: this.now() });
    } else if (task.desiredStatus === 'STOPPED') {
      // It takes its SIGTERM well, and has done nothing.
      this.change(task.arn, { lastStatus: 'DEPROVISIONING', exitCode: 0 });
    } else {
      const end = endOf(this.behaviourOf(task));
      if (!end) return;
      this.change(task.arn, { desiredStatus: 'STOPPED', lastStatus: 'DEPROVISIONING', ...end });
    }
    this.tell(task.arn);
  }

  behaviourOf({ taskDefinition }: TaskRecord): Behaviour {
    const revision = this.find(taskDefinition);
    if (!revision) throw new Error(`no ${taskDefinition}`);
    return this.behaviour(revision);
  }

  tagOf({ taskDefinition }: TaskRecord, key: string): string {
    return this.find(taskDefinition)?.tags.find((one: Tag) => one.key === key)?.value ?? '';
  }

  list(input: { family?: string; desiredStatus?: string; nextToken?: string }, changesAgo = 0) {
    const arns = this.seen(changesAgo)
      .filter(({ family, desiredStatus }) => family === input.family && desiredStatus === input.desiredStatus)
      .map(({ arn }) => arn);
    const start = Number(input.nextToken ?? 0);
    const nextToken = start + 2 < arns.length ? String(start + 2) : undefined;
    return { taskArns: arns.slice(start, start + 2), nextToken };
  }

  describe({ tasks = [] }: { tasks?: string[] }, changesAgo = 0) {
    const seen = this.seen(changesAgo);
    const found = seen.filter(({ arn }) => tasks.includes(arn));
    const failures = tasks
      .filter((arn) => !found.some((one) => one.arn === arn))
      .map((arn) => ({ arn, reason: 'MISSING' }));
    return { tasks: found.map((one) => this.answer(one)), failures };
  }

  /** ECS tells of a task for an hour after it stopped. */
  private seen(changesAgo: number): TaskRecord[] {
    const { tasks } = changesAgo > 0 ? this.versions.before(changesAgo) : this.versions.newest;
    return tasks.filter(({ ended }) => ended === undefined || this.now() - ended < HOUR);
  }

  private remembers({ ended, createdAt }: TaskRecord): boolean {
    return this.now() < Math.min(+createdAt + 24 * HOUR, (ended ?? this.now()) + HOUR);
  }

  private answer(task: TaskRecord) {
    const { arn, taskDefinition, startedBy, createdAt, desiredStatus, lastStatus, exitCode } = task;
    const { stopCode, stoppedReason, family } = task;
    return {
      taskArn: arn,
      clusterArn: `${ACCOUNT}:cluster/main`,
      taskDefinitionArn: taskDefinition,
      group: `family:${family}`,
      startedBy,
      createdAt,
      desiredStatus,
      lastStatus,
      stopCode,
      stoppedReason,
      containers: [{ name: 'api', exitCode }],
    };
  }

  private change(arn: string, changes: Partial<TaskRecord>): void {
    this.versions.follow({ tasks: this.all.map((one) => (one.arn === arn ? { ...one, ...changes } : one)) });
  }

  private tell(arn: string): void {
    const task = this.all.find((one) => one.arn === arn);
    if (task) this.events.push(this.answer(task));
  }
}

function endOf(behaviour: Behaviour): Partial<TaskRecord> | undefined {
  const exited = {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
  };
  switch (behaviour) {
    case 'succeeds':
      return { ...exited, exitCode: 0 };
    case 'fails':
      return { ...exited, exitCode: 1 };
    case 'cannot start':
      return { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: not found' };
    default:
      return undefined;
  }
}

function conflict(): Error {
  return Object.assign(new Error('The client token was used with other parameters.'), {
    name: 'ConflictException',
    $metadata: { httpStatusCode: 400 },
  });
}
