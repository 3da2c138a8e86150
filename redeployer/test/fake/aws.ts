import { ECRClient } from '@aws-sdk/client-ecr';
import {
  ECSClient,
  type RegisterTaskDefinitionCommandInput,
  type RunTaskCommandInput,
  type Tag,
} from '@aws-sdk/client-ecs';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Clients } from '../../src/ports/clients.ts';
import { FakeEcr } from './ecr.ts';
import type { Clock } from './clock.ts';
import { FakeEcs } from './ecs.ts';
import { FakeTasks } from './tasks.ts';
import { View } from './view.ts';

/** How a call goes wrong: AWS says 500, or the function dies; before the call has an effect, or after. */
export type Fault = 'error before' | 'error after' | 'death before' | 'death after';

/** The reads of AWS, each of which may be behind. */
export const READS = [
  'DescribeImages',
  'DescribeServices',
  'DescribeTaskDefinition',
  'ListServiceDeployments',
  'DescribeServiceDeployments',
  'DescribeServiceRevisions',
  'ListTasks',
  'DescribeTasks',
] as const;

/** The next answers of one read are as old as so many changes. */
export interface Staleness {
  operation: (typeof READS)[number];
  answers: number;
  changesAgo: number;
}

/** ECR, one ECS service and a topic behind one door that counts the calls and can be made to fail. */
export class FakeAws {
  now = Date.parse('2026-03-01T11:50:00Z');
  readonly ecr = new FakeEcr();
  readonly ecs: FakeEcs;
  readonly tasks: FakeTasks;
  readonly published: string[] = [];
  readonly calls: string[] = [];
  /** Milliseconds that each clock is ahead of the true time. */
  readonly skew: Record<Clock, number> = {
    images: 0,
    events: 0,
    definitions: 0,
    deployments: 0,
    service: 0,
    tasks: 0,
  };
  /** The fault of the call after so many others. */
  fault: { after: number; kind: Fault } | undefined;
  /** The function has died: nothing it does reaches AWS any more. */
  dead = false;
  stale: Staleness[] = [];
  /** The reads that were behind since the messages were delivered. */
  readonly wasBehind = new Set<string>();
  view = new View();

  constructor(
    private readonly service: string,
    isHealthy: FakeEcs['isHealthy'],
    behaviour: FakeTasks['behaviour'] = () => 'succeeds',
  ) {
    const now = (clock?: Clock) => this.at(clock);
    this.ecs = new FakeEcs(service, now, isHealthy);
    this.tasks = new FakeTasks(
      now,
      (name) => this.ecs.find(name),
      (one) => this.ecs.hasSucceeded(one),
      behaviour,
    );
    // The service is there for a while, longer than any clock is ahead.
    this.now += 10 * 60_000;
  }

  /** The time by one of the clocks; without one, the true time. */
  at(clock?: Clock): number {
    return this.now + (clock ? this.skew[clock] : 0);
  }

  /** @param operation as AWS names it; `input` as the SDK or the wire carries it. */
  call(operation: string, input: unknown): unknown {
    this.now += 3;
    const kind = this.faultOf();
    if (kind === 'death before') this.dead = true;
    if (this.dead) throw new Error('the function died');
    if (kind === 'error before') throw internalError();
    const output = this.answer(operation, input);
    this.calls.push(operation);
    if (kind === 'error after') throw internalError();
    if (kind === 'death after') {
      this.dead = true;
      throw new Error('the function died');
    }
    return output;
  }

  private assessPause(operation: string): void {
    if (this.ecs.state.paused) this.view.broken.push(`${operation} while the service is paused`);
  }

  private faultOf(): Fault | undefined {
    if (!this.fault) return undefined;
    this.fault.after -= 1;
    return this.fault.after === -1 ? this.fault.kind : undefined;
  }

  /** How many changes behind the answer is. */
  private lag(operation: string): number {
    const found = this.stale.find((one) => one.operation === operation && one.answers > 0);
    if (!found) return 0;
    found.answers -= 1;
    this.wasBehind.add(operation);
    return found.changesAgo;
  }

  private answer(operation: string, input: unknown): unknown {
    const { ecs, tasks, view } = this;
    const lag = this.lag(operation);
    const seen = lag > 0 ? ecs.before(lag) : ecs.state;
    switch (operation) {
      case 'DescribeImages':
        return this.ecr.describeImages(as<{ nextToken?: string }>(input), lag);
      case 'DescribeServices':
        view.service = seen.taskDefinition;
        view.deregistered = false;
        view.last = undefined;
        return ecs.describeServices(seen);
      case 'DescribeTaskDefinition': {
        const { taskDefinition } = as<{ taskDefinition: string }>(input);
        const found = ecs.find(taskDefinition, seen);
        if (taskDefinition === this.service) view.newest = found?.definition.revision ?? 0;
        if (taskDefinition === view.service) view.deregistered = found?.definition.status === 'INACTIVE';
        if (!found) throw named('ClientException', 'Unable to describe task definition.');
        return { taskDefinition: { ...found.definition }, tags: [...found.tags] };
      }
      case 'RegisterTaskDefinition':
        view.beforeWrite(operation);
        return ecs.register(as<RegisterTaskDefinitionCommandInput>(input));
      case 'UpdateService':
        view.beforeWrite(operation);
        this.assessPause(operation);
        return ecs.update(as<{ taskDefinition: string }>(input));
      case 'ListServiceDeployments': {
        const page = ecs.listServiceDeployments(as<{ nextToken?: string }>(input), seen);
        const last = page.serviceDeployments.at(-1);
        const revision = seen.serviceRevisions.get(last?.targetServiceRevisionArn ?? '');
        view.last = last && { status: last.status, target: revision?.taskDefinition ?? '' };
        return page;
      }
      case 'DescribeServiceDeployments':
        return ecs.describeServiceDeployments(as<{ serviceDeploymentArns: string[] }>(input), seen);
      case 'DescribeServiceRevisions':
        return ecs.describeServiceRevisions(as<{ serviceRevisionArns: string[] }>(input), seen);
      case 'ListTasks':
        return tasks.list(as<{ nextToken?: string }>(input), lag);
      case 'DescribeTasks':
        return tasks.describe(as<{ tasks: string[] }>(input), lag);
      case 'RunTask':
        view.beforeWrite(operation);
        this.assessPause(operation);
        return tasks.run(as<RunTaskCommandInput>(input), !this.wasBehind.has('DescribeTaskDefinition'));
      case 'StopTask': {
        const { task, reason } = as<{ task: string; reason: string }>(input);
        return tasks.stop(task, reason);
      }
      case 'TagResource': {
        const { resourceArn, tags } = as<{ resourceArn: string; tags: Tag[] }>(input);
        return ecs.tag(resourceArn, tags);
      }
      case 'Publish':
        return this.published.push(as<{ Message: string }>(input).Message);
      default:
        throw new Error(`the fake has no ${operation}`);
    }
  }
}

/** Real SDK clients whose `send` ends in the fake instead of the network; `fakeOf` names it anew each time. */
export function clientsOf(fakeOf: () => FakeAws, beforeCall?: (operation: string) => Promise<void>): Clients {
  const send = async (command: { input: unknown }): Promise<unknown> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    await beforeCall?.(operation);
    return fakeOf().call(operation, command.input);
  };
  const settings = { region: 'eu-central-1' };
  const ecs = Object.assign(new ECSClient(settings), { send });
  return {
    ecr: Object.assign(new ECRClient(settings), { send }),
    ecs,
    ecsWriter: ecs,
    sns: Object.assign(new SNSClient(settings), { send }),
  };
}

function internalError(): Error {
  return Object.assign(named('ServerException', 'internal'), { $metadata: { httpStatusCode: 500 } });
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

/** The input was shaped by the SDK, which the types of its commands vouch for. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function as<T>(input: unknown): T {
  return input as T;
}
