import type {
  Deployment,
  RegisterTaskDefinitionCommandInput,
  ServiceDeploymentStatus,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';

/**
 * One ECS service and its task definitions in memory.
 * Models: revisions that never change, their tags, service deployments with targets and states, service
 * revisions, the circuit breaker that goes back to the last completed deployment (its id and task
 * definition come back, no new service revision is made), a new deployment that ends the one in flight,
 * a first deployment of the placeholder at zero tasks, pages of two, the events of a deployment. Nothing is
 * idempotent: every update with `forceNewDeployment` is one more deployment, every registration one more
 * revision.
 * Does not model: tasks and their counts, health checks (a test says what is healthy), capacity, draining,
 * time between a write and the moment a read shows it, the end of the history after 90 days.
 */
interface ServiceDeploymentRecord {
  arn: string;
  status: ServiceDeploymentStatus;
  createdAt: Date;
  target: string;
  back?: string;
  deploymentId: string;
}

interface Revision {
  definition: TaskDefinition;
  tags: Tag[];
}

export interface RolloutDetail {
  eventName: string;
  deploymentId: string;
  updatedAt: string;
  reason: string;
}

const ACCOUNT = 'arn:aws:ecs:eu-central-1:111122223333';

export class FakeEcs {
  readonly families = new Map<string, Revision[]>();
  readonly history: ServiceDeploymentRecord[] = [];
  /** Task definitions of the updates, in order: what was really asked of ECS. */
  readonly updates: { taskDefinition: string; from: string; desiredCount?: number; at: number }[] = [];
  readonly events: RolloutDetail[] = [];
  private readonly serviceRevisions = new Map<string, { taskDefinition: string; deploymentId: string }>();
  private taskDefinition: string;
  private primary: Deployment;
  desiredCount = 0;
  private counter = 0;

  constructor(
    readonly name: string,
    readonly now: () => number,
    readonly isHealthy: (revision: Revision) => boolean,
  ) {
    this.register({ family: `${name}-template`, containerDefinitions: [container('placeholder')] });
    this.taskDefinition = `${ACCOUNT}:task-definition/${name}-template:1`;
    this.primary = this.begin(this.taskDefinition);
    this.finish(this.last(), 'SUCCESSFUL', 'COMPLETED');
    this.events.length = 0;
  }

  /** Terraform applies another template. */
  changeTemplate(): void {
    this.register({ family: `${this.name}-template`, containerDefinitions: [container('placeholder')] });
  }

  register(input: RegisterTaskDefinitionCommandInput): { taskDefinition: TaskDefinition; tags: Tag[] } {
    const { family = '', tags = [], ...rest } = input;
    const revisions = this.families.get(family) ?? [];
    const revision = revisions.length + 1;
    const definition: TaskDefinition = {
      ...rest,
      family,
      revision,
      taskDefinitionArn: `${ACCOUNT}:task-definition/${family}:${revision}`,
      status: 'ACTIVE',
      registeredAt: new Date(this.now()),
      registeredBy: 'arn:aws:iam::111122223333:role/someone',
      compatibilities: ['EC2', 'FARGATE'],
      requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
    };
    this.families.set(family, [...revisions, { definition, tags }]);
    return { taskDefinition: definition, tags };
  }

  /** Takes a family, `family:revision` or an ARN. */
  find(name: string): Revision | undefined {
    const [family = '', revision] = name.slice(name.lastIndexOf('/') + 1).split(':');
    const revisions = this.families.get(family) ?? [];
    return revision === undefined ? revisions.at(-1) : revisions[Number(revision) - 1];
  }

  tag(arn: string, tags: Tag[]): void {
    const found = this.find(arn);
    if (!found) throw new Error(`no ${arn}`);
    found.tags = [...found.tags.filter(({ key }) => !tags.some((one) => one.key === key)), ...tags];
  }

  update(input: { taskDefinition?: string; desiredCount?: number; forceNewDeployment?: boolean }): void {
    const { taskDefinition = this.taskDefinition, desiredCount, forceNewDeployment } = input;
    this.desiredCount = desiredCount ?? this.desiredCount;
    if (taskDefinition === this.taskDefinition && !forceNewDeployment) return;
    if (this.inFlight()) this.last().status = 'STOPPED';
    const from = this.taskDefinition;
    this.taskDefinition = taskDefinition;
    this.updates.push({ taskDefinition, from, at: this.now(), ...(desiredCount ? { desiredCount } : {}) });
    this.primary = this.begin(taskDefinition);
    this.tell('IN_PROGRESS', 'ECS deployment in progress.');
  }

  inFlight(): boolean {
    return this.last().status.endsWith('IN_PROGRESS');
  }

  /** Lets the deployment in flight go one step further: completed, failed, or gone back. */
  advance(): void {
    const last = this.last();
    if (last.status === 'ROLLBACK_IN_PROGRESS') {
      this.finish(last, 'ROLLBACK_SUCCESSFUL', 'COMPLETED');
    } else if (last.status === 'IN_PROGRESS' && this.isHealthy(this.revisionOf(last.target))) {
      this.finish(last, 'SUCCESSFUL', 'COMPLETED');
    } else if (last.status === 'IN_PROGRESS') {
      this.fail(last);
    }
  }

  describeServices() {
    const { name: serviceName, taskDefinition, desiredCount, primary } = this;
    const service = { serviceName, status: 'ACTIVE', taskDefinition, desiredCount, deployments: [primary] };
    return { services: [service], failures: [] };
  }

  listServiceDeployments(input: { createdAt?: { after?: unknown; before?: unknown }; nextToken?: string }) {
    const after = toMs(input.createdAt?.after, -Infinity);
    const before = toMs(input.createdAt?.before, Infinity);
    const listed = this.history.filter((one) => +one.createdAt >= after && +one.createdAt <= before);
    const start = Number(input.nextToken ?? 0);
    return {
      nextToken: start + 2 < listed.length ? String(start + 2) : undefined,
      serviceDeployments: listed
        .slice(start, start + 2)
        .map(({ arn: serviceDeploymentArn, status, createdAt, target: targetServiceRevisionArn }) => {
          return { serviceDeploymentArn, status, createdAt, targetServiceRevisionArn };
        }),
    };
  }

  describeServiceDeployments({ serviceDeploymentArns = [] }: { serviceDeploymentArns?: string[] }) {
    return {
      serviceDeployments: this.history
        .filter(({ arn }) => serviceDeploymentArns.includes(arn))
        .map(({ arn, status, target, back, createdAt }) => ({
          serviceDeploymentArn: arn,
          status,
          createdAt,
          targetServiceRevision: { arn: target },
          ...(back ? { rollback: { serviceRevisionArn: back, reason: 'the circuit breaker' } } : {}),
        })),
    };
  }

  describeServiceRevisions({ serviceRevisionArns = [] }: { serviceRevisionArns?: string[] }) {
    return {
      serviceRevisions: serviceRevisionArns.flatMap((serviceRevisionArn) => {
        const found = this.serviceRevisions.get(serviceRevisionArn);
        return found ? [{ serviceRevisionArn, taskDefinition: found.taskDefinition }] : [];
      }),
    };
  }

  /** What the service stands on. */
  running(): Revision | undefined {
    return this.find(this.taskDefinition);
  }

  revisionOf(serviceRevision: string): Revision {
    const found = this.find(this.serviceRevisions.get(serviceRevision)?.taskDefinition ?? '');
    if (!found) throw new Error(`no ${serviceRevision}`);
    return found;
  }

  private begin(taskDefinition: string): Deployment {
    this.counter += 1;
    const deploymentId = `ecs-svc/${this.counter}`;
    const target = `${ACCOUNT}:service-revision/main/${this.name}/${this.counter}`;
    this.serviceRevisions.set(target, { taskDefinition, deploymentId });
    const arn = `${ACCOUNT}:service-deployment/main/${this.name}/d${this.counter}`;
    const createdAt = new Date(this.now());
    this.history.push({ arn, status: 'IN_PROGRESS', createdAt, target, deploymentId });
    return { id: deploymentId, status: 'PRIMARY', taskDefinition, createdAt, rolloutState: 'IN_PROGRESS' };
  }

  private finish(
    one: ServiceDeploymentRecord,
    status: ServiceDeploymentStatus,
    rolloutState: 'COMPLETED' | 'FAILED',
  ): void {
    one.status = status;
    this.primary = { ...this.primary, rolloutState };
    this.tell(rolloutState, `ECS deployment ${rolloutState.toLowerCase()}.`);
  }

  private fail(last: ServiceDeploymentRecord): void {
    const good = this.history.findLast(({ status }) => status === 'SUCCESSFUL');
    if (!good) {
      this.finish(last, 'STOPPED', 'FAILED');
      return;
    }
    this.tell('FAILED', 'ECS deployment circuit breaker: tasks failed to start.');
    last.status = 'ROLLBACK_IN_PROGRESS';
    last.back = good.target;
    const source = this.serviceRevisions.get(good.target);
    this.taskDefinition = source?.taskDefinition ?? '';
    this.primary = {
      id: source?.deploymentId,
      status: 'PRIMARY',
      taskDefinition: this.taskDefinition,
      createdAt: good.createdAt,
      rolloutState: 'IN_PROGRESS',
    };
    this.tell('IN_PROGRESS', `ECS deployment circuit breaker: rolling back to ${good.deploymentId}.`);
  }

  private last(): ServiceDeploymentRecord {
    const last = this.history.at(-1);
    if (!last) throw new Error('the service has no deployment');
    return last;
  }

  private tell(state: string, reason: string): void {
    const eventName = `SERVICE_DEPLOYMENT_${state}`;
    const updatedAt = wholeSeconds(this.now());
    this.events.push({ eventName, deploymentId: this.primary.id ?? '', updatedAt, reason });
  }
}

/** A time as EventBridge writes it. */
export function wholeSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function container(image: string) {
  return { name: 'api', image, environment: [{ name: 'A_SECRET', value: 'hunter2' }] };
}

/** On the wire a time is a number of seconds, in the SDK it is a Date. */
function toMs(value: unknown, otherwise: number): number {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value * 1000 : otherwise;
}
