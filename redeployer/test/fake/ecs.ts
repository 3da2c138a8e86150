import type {
  Deployment,
  RegisterTaskDefinitionCommandInput,
  ServiceDeploymentStatus,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Clock } from './clock.ts';
import { Versions } from './versions.ts';

/**
 * One ECS service and its task definitions in memory.
 * Models: revisions that never change, service deployments with targets, states and the times they ended,
 * service revisions, the circuit breaker that goes back to the last completed deployment (its id and task
 * definition come back, no new service revision is made), a new deployment that ends the one in flight,
 * a first deployment of the placeholder at zero tasks, pages of two, the events of a deployment, reads that
 * answer with an older version, clocks that differ from call to call. Nothing is idempotent: every update
 * with `forceNewDeployment` is one more deployment, every registration one more revision.
 * Does not model: tasks and their counts, health checks (a test says what is healthy), capacity, draining,
 * the end of the history after 90 days.
 */
export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly status: ServiceDeploymentStatus;
  readonly createdAt: Date;
  readonly target: string;
  readonly back?: string;
  readonly wentBackAt?: Date;
  readonly finishedAt?: Date;
  readonly stoppedAt?: Date;
  readonly deploymentId: string;
  /** When it began by the clock that nobody is told. */
  readonly begun: number;
}

export interface Revision {
  readonly definition: TaskDefinition;
  readonly tags: Tag[];
}

/** Everything that a read can answer from; never changed, only followed by another. */
export interface EcsState {
  readonly families: ReadonlyMap<string, readonly Revision[]>;
  readonly history: readonly ServiceDeploymentRecord[];
  readonly serviceRevisions: ReadonlyMap<string, { taskDefinition: string; deploymentId: string }>;
  readonly taskDefinition: string;
  readonly primary: Deployment;
  readonly desiredCount: number;
  readonly paused: boolean;
  /** When the service was made. */
  readonly createdAt: Date;
}

export interface RolloutDetail {
  eventName: string;
  deploymentId: string;
  updatedAt: string;
  reason: string;
}

const ACCOUNT = 'arn:aws:ecs:eu-central-1:111122223333';

export class FakeEcs {
  /** Task definitions of the updates, in order: what was really asked of ECS. */
  readonly updates: {
    taskDefinition: string;
    from: string;
    desiredCount?: number;
    at: number;
    /** Whether a release had completed before. */
    ran: boolean;
  }[] = [];
  readonly events: RolloutDetail[] = [];
  /** What an event's `updatedAt` holds: the moment of the event, or the start of its deployment. */
  updatedAt: 'start' | 'event' = 'event';
  /** The alarm that rolls rollouts back, in place of the circuit breaker. */
  triggered: string | undefined;
  private readonly versions: Versions<EcsState>;
  private counter = 0;

  constructor(
    readonly name: string,
    readonly now: (clock?: Clock) => number,
    readonly isHealthy: (revision: Revision) => boolean,
  ) {
    this.versions = new Versions<EcsState>({
      families: new Map(),
      history: [],
      serviceRevisions: new Map(),
      taskDefinition: '',
      primary: {},
      desiredCount: 0,
      paused: false,
      createdAt: new Date(this.now('service')),
    });
    this.changeTemplate();
    this.changeTemplate(`${this.name}-release-command-template`);
    this.make();
  }

  /** Terraform makes the service, or makes it again: at zero tasks, on the newest template. */
  make(): void {
    const taskDefinition = this.find(`${this.name}-template`)?.definition.taskDefinitionArn ?? '';
    this.versions.follow({ taskDefinition, desiredCount: 0, createdAt: new Date(this.now('service')) });
    this.begin(taskDefinition);
    this.end('SUCCESSFUL', 'COMPLETED');
    this.events.length = 0;
    this.versions.forget();
  }

  get state(): EcsState {
    return this.versions.newest;
  }

  get history(): readonly ServiceDeploymentRecord[] {
    return this.state.history;
  }

  get desiredCount(): number {
    return this.state.desiredCount;
  }

  /** Autoscaling, or a person, wants another number of tasks. */
  scale(desiredCount: number): void {
    this.versions.follow({ desiredCount });
  }

  /** A pause begins; it starts with a wait until nobody is told that there was none. */
  pause(): void {
    this.versions.follow({ paused: true });
    this.versions.forget();
  }

  resume(): void {
    this.versions.follow({ paused: false });
  }

  /** Terraform applies another template. */
  changeTemplate(family = `${this.name}-template`): void {
    const number = (this.state.families.get(family)?.length ?? 0) + 1;
    this.register({ family, containerDefinitions: [container(`${family}:${number}`)] });
  }

  register(input: RegisterTaskDefinitionCommandInput): { taskDefinition: TaskDefinition; tags: Tag[] } {
    const { family = '', tags = [], ...rest } = input;
    const { families } = this.state;
    const revisions = families.get(family) ?? [];
    const revision = revisions.length + 1;
    const definition: TaskDefinition = {
      ...rest,
      family,
      revision,
      taskDefinitionArn: `${ACCOUNT}:task-definition/${family}:${revision}`,
      status: 'ACTIVE',
      registeredAt: new Date(this.now('definitions')),
      registeredBy: 'arn:aws:iam::111122223333:role/someone',
      compatibilities: ['EC2', 'FARGATE'],
      requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
    };
    this.versions.follow({ families: new Map(families).set(family, [...revisions, { definition, tags }]) });
    return { taskDefinition: definition, tags };
  }

  /** A clean-up script deregisters a revision: it can be described, but neither run nor found by its family. */
  deregister(name: string): void {
    this.change(name, (one) => ({ ...one, definition: { ...one.definition, status: 'INACTIVE' } }));
  }

  /** Adds tags to a revision. */
  tag(arn: string, added: Tag[]): void {
    const keys = new Set(added.map(({ key }) => key));
    this.change(arn, (one) => ({
      ...one,
      tags: [...one.tags.filter(({ key }) => !keys.has(key)), ...added],
    }));
  }

  /** Takes a family, `family:revision` or an ARN. */
  find(name: string, { families } = this.state): Revision | undefined {
    const [family = '', revision] = name.slice(name.lastIndexOf('/') + 1).split(':');
    const revisions = families.get(family) ?? [];
    if (revision !== undefined) return revisions[Number(revision) - 1];
    return revisions.findLast(({ definition }) => definition.status === 'ACTIVE');
  }

  update(input: { taskDefinition?: string; desiredCount?: number; forceNewDeployment?: boolean }): void {
    const { taskDefinition: from } = this.state;
    const { taskDefinition = from, desiredCount = this.desiredCount, forceNewDeployment } = input;
    if (this.find(taskDefinition)?.definition.status !== 'ACTIVE')
      throw new Error('TaskDefinition is inactive');
    if (taskDefinition === from && !forceNewDeployment) return this.scale(desiredCount);
    const wanted = input.desiredCount ? { desiredCount: input.desiredCount } : {};
    const ran = this.history.some(
      ({ status, target }) =>
        status === 'SUCCESSFUL' && this.revisionOf(target).definition.family === this.name,
    );
    this.updates.push({ taskDefinition, from, at: this.now(), ran, ...wanted });
    this.versions.follow({ desiredCount, taskDefinition });
    if (this.inFlight()) this.changeLast({ status: 'STOPPED', stoppedAt: this.time() });
    this.begin(taskDefinition);
    this.tell('IN_PROGRESS', 'ECS deployment in progress.');
  }

  inFlight(): boolean {
    return this.last().status.endsWith('IN_PROGRESS');
  }

  /** Lets the deployment in flight go one step further: completed, failed, or gone back. */
  advance(): void {
    const last = this.last();
    if (last.status === 'ROLLBACK_IN_PROGRESS') {
      this.end('ROLLBACK_SUCCESSFUL', 'COMPLETED');
    } else if (last.status === 'IN_PROGRESS' && this.isHealthy(this.revisionOf(last.target))) {
      this.end('SUCCESSFUL', 'COMPLETED');
    } else if (last.status === 'IN_PROGRESS') {
      this.fail();
    }
  }

  describeServices({ taskDefinition, desiredCount, primary, paused, createdAt } = this.state) {
    const service = {
      serviceName: this.name,
      serviceArn: this.serviceArn(),
      status: 'ACTIVE',
      taskDefinition,
      desiredCount,
      deployments: [primary],
      createdAt,
      deploymentConfiguration: { strategy: 'ROLLING' },
      tags: paused ? [{ key: 'paused', value: 'true' }] : [],
    };
    return { services: [service], failures: [] };
  }

  listServiceDeployments(
    input: { createdAt?: { after?: unknown; before?: unknown }; nextToken?: string },
    { history } = this.state,
  ) {
    const after = toMs(input.createdAt?.after, -Infinity);
    const before = toMs(input.createdAt?.before, Infinity);
    const listed = history.filter((one) => +one.createdAt >= after && +one.createdAt <= before);
    const start = Number(input.nextToken ?? 0);
    return {
      nextToken: start + 2 < listed.length ? String(start + 2) : undefined,
      serviceDeployments: listed
        .slice(start, start + 2)
        .map(
          ({
            arn: serviceDeploymentArn,
            status,
            createdAt,
            target: targetServiceRevisionArn,
            finishedAt,
          }) => {
            const serviceArn = this.serviceArn();
            return {
              serviceDeploymentArn,
              serviceArn,
              status,
              createdAt,
              targetServiceRevisionArn,
              finishedAt,
            };
          },
        ),
    };
  }

  describeServiceDeployments(
    { serviceDeploymentArns = [] }: { serviceDeploymentArns?: string[] },
    { history } = this.state,
  ) {
    return {
      serviceDeployments: history
        .filter(({ arn }) => serviceDeploymentArns.includes(arn))
        .map(({ arn, status, target, back, wentBackAt: startedAt, createdAt, finishedAt, stoppedAt }) => ({
          serviceDeploymentArn: arn,
          serviceArn: this.serviceArn(),
          status,
          createdAt,
          finishedAt,
          stoppedAt,
          targetServiceRevision: { arn: target },
          ...(back && this.triggered ? { alarms: { triggeredAlarmNames: [this.triggered] } } : {}),
          ...(back
            ? { rollback: { serviceRevisionArn: back, reason: 'the circuit breaker', startedAt } }
            : {}),
        })),
    };
  }

  describeServiceRevisions(
    { serviceRevisionArns = [] }: { serviceRevisionArns?: string[] },
    { serviceRevisions } = this.state,
  ) {
    return {
      serviceRevisions: serviceRevisionArns.flatMap((serviceRevisionArn) => {
        const found = serviceRevisions.get(serviceRevisionArn);
        return found ? [{ serviceRevisionArn, taskDefinition: found.taskDefinition }] : [];
      }),
    };
  }

  /** The state so many changes ago, as a stale read sees it. */
  before(changes: number): EcsState {
    return this.versions.before(changes);
  }

  /** Whether a release of the commit keeps that its command succeeded with this template of a command. */
  hasSucceeded(command: Revision): boolean {
    const value = ({ tags }: Revision, key: string) => tags.find((one) => one.key === key)?.value;
    return (this.state.families.get(this.name) ?? []).some(
      (one) =>
        value(one, 'release-command') === 'succeeded' &&
        value(one, 'commit') === value(command, 'commit') &&
        value(one, 'command-template') === value(command, 'template'),
    );
  }

  /** What the service stands on. */
  running(): Revision | undefined {
    return this.find(this.state.taskDefinition);
  }

  revisionOf(serviceRevision: string): Revision {
    const found = this.find(this.state.serviceRevisions.get(serviceRevision)?.taskDefinition ?? '');
    if (!found) throw new Error(`no ${serviceRevision}`);
    return found;
  }

  private serviceArn(): string {
    return `${ACCOUNT}:service/main/${this.name}`;
  }

  private time(): Date {
    return new Date(this.now('deployments'));
  }

  private begin(taskDefinition: string): void {
    this.counter += 1;
    const deploymentId = `ecs-svc/${this.counter}`;
    const target = `${ACCOUNT}:service-revision/main/${this.name}/${this.counter}`;
    const arn = `${ACCOUNT}:service-deployment/main/${this.name}/d${this.counter}`;
    const begun = this.now();
    const { history, serviceRevisions } = this.state;
    const record: ServiceDeploymentRecord = {
      arn,
      status: 'IN_PROGRESS',
      createdAt: this.time(),
      target,
      deploymentId,
      begun,
    };
    this.versions.amend({
      history: [...history, record],
      serviceRevisions: new Map(serviceRevisions).set(target, { taskDefinition, deploymentId }),
      primary: {
        id: deploymentId,
        status: 'PRIMARY',
        taskDefinition,
        createdAt: new Date(this.now('service')),
        rolloutState: 'IN_PROGRESS',
      },
    });
  }

  private end(status: ServiceDeploymentStatus, rolloutState: 'COMPLETED' | 'FAILED'): void {
    const ended = rolloutState === 'COMPLETED' ? { finishedAt: this.time() } : { stoppedAt: this.time() };
    this.versions.follow({ primary: { ...this.state.primary, rolloutState } });
    this.changeLast({ status, ...ended });
    this.tell(rolloutState, `ECS deployment ${rolloutState.toLowerCase()}.`);
  }

  private fail(): void {
    const good = this.history.findLast(({ status }) => status === 'SUCCESSFUL');
    if (!good) throw new Error('the placeholder has completed, so there is always something to go back to');
    this.tell('FAILED', 'ECS deployment circuit breaker: tasks failed to start.');
    const source = this.state.serviceRevisions.get(good.target);
    const taskDefinition = source?.taskDefinition ?? '';
    this.versions.follow({
      taskDefinition,
      primary: {
        id: source?.deploymentId,
        status: 'PRIMARY',
        taskDefinition,
        createdAt: good.createdAt,
        rolloutState: 'IN_PROGRESS',
      },
    });
    this.changeLast({ status: 'ROLLBACK_IN_PROGRESS', back: good.target, wentBackAt: this.time() });
    this.tell('IN_PROGRESS', `ECS deployment circuit breaker: rolling back to ${good.deploymentId}.`);
  }

  private last(): ServiceDeploymentRecord {
    const last = this.history.at(-1);
    if (!last) throw new Error('the service has no deployment');
    return last;
  }

  private changeLast(changes: Partial<ServiceDeploymentRecord>): void {
    this.versions.amend({ history: [...this.history.slice(0, -1), { ...this.last(), ...changes }] });
  }

  private change(name: string, how: (one: Revision) => Revision): void {
    const found = this.find(name);
    if (!found) throw new Error(`no ${name}`);
    const { families } = this.state;
    const { family = '' } = found.definition;
    const revisions = (families.get(family) ?? []).map((one) => (one === found ? how(one) : one));
    this.versions.follow({ families: new Map(families).set(family, revisions) });
  }

  private tell(state: string, reason: string): void {
    const { primary } = this.state;
    const moment = this.updatedAt === 'start' ? +(primary.createdAt ?? 0) : this.now('events');
    const eventName = `SERVICE_DEPLOYMENT_${state}`;
    this.events.push({ eventName, deploymentId: primary.id ?? '', updatedAt: wholeSeconds(moment), reason });
  }
}

/** A time as EventBridge writes it. */
export function wholeSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The template that a revision's containers came from, whatever its tags say. */
export function templateOf(revision: Revision | undefined): string {
  const environment = revision?.definition.containerDefinitions?.[0]?.environment ?? [];
  return environment.find(({ name }) => name === 'TEMPLATE')?.value ?? '';
}

function container(template: string) {
  const environment = [
    { name: 'A_SECRET', value: 'hunter2' },
    { name: 'TEMPLATE', value: template },
  ];
  const logConfiguration = {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': '/slipway', 'awslogs-stream-prefix': 'release-command' },
  };
  return { name: 'api', image: 'placeholder', environment, logConfiguration };
}

/** On the wire a time is a number of seconds, in the SDK it is a Date. */
function toMs(value: unknown, otherwise: number): number {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value * 1000 : otherwise;
}
