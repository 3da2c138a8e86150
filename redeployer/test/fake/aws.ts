import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, type RegisterTaskDefinitionCommandInput, type Tag } from '@aws-sdk/client-ecs';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Clients } from '../../src/ports/clients.ts';
import { FakeEcr } from './ecr.ts';
import { FakeEcs } from './ecs.ts';

/** How a call goes wrong: AWS says 500, or the function dies; before the call has an effect, or after. */
export type Fault = 'error before' | 'error after' | 'death before' | 'death after';

/** ECR, one ECS service and a topic behind one door that counts the calls and can be made to fail. */
export class FakeAws {
  now = Date.parse('2026-03-01T12:00:00Z');
  readonly ecr = new FakeEcr();
  readonly ecs: FakeEcs;
  readonly published: string[] = [];
  readonly calls: string[] = [];
  /** The fault of the call after so many others. */
  fault: { after: number; kind: Fault } | undefined;
  /** The function has died: nothing it does reaches AWS any more. */
  dead = false;

  constructor(service: string, isHealthy: FakeEcs['isHealthy']) {
    this.ecs = new FakeEcs(service, () => this.now, isHealthy);
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

  private faultOf(): Fault | undefined {
    if (!this.fault) return undefined;
    this.fault.after -= 1;
    return this.fault.after === -1 ? this.fault.kind : undefined;
  }

  private answer(operation: string, input: unknown): unknown {
    const { ecs } = this;
    switch (operation) {
      case 'DescribeImages':
        return this.ecr.describeImages(as<{ nextToken?: string }>(input));
      case 'DescribeServices':
        return ecs.describeServices();
      case 'DescribeTaskDefinition': {
        const found = ecs.find(as<{ taskDefinition: string }>(input).taskDefinition);
        if (!found) throw named('ClientException', 'Unable to describe task definition.');
        return { taskDefinition: { ...found.definition }, tags: [...found.tags] };
      }
      case 'RegisterTaskDefinition':
        return ecs.register(as<RegisterTaskDefinitionCommandInput>(input));
      case 'TagResource': {
        const { resourceArn, tags } = as<{ resourceArn: string; tags: Tag[] }>(input);
        return ecs.tag(resourceArn, tags);
      }
      case 'UpdateService':
        return ecs.update(as<{ taskDefinition: string }>(input));
      case 'ListServiceDeployments':
        return ecs.listServiceDeployments(as<{ nextToken?: string }>(input));
      case 'DescribeServiceDeployments':
        return ecs.describeServiceDeployments(as<{ serviceDeploymentArns: string[] }>(input));
      case 'DescribeServiceRevisions':
        return ecs.describeServiceRevisions(as<{ serviceRevisionArns: string[] }>(input));
      case 'Publish':
        return this.published.push(as<{ Message: string }>(input).Message);
      default:
        throw new Error(`the fake has no ${operation}`);
    }
  }
}

/** Real SDK clients whose `send` ends in the fake instead of the network; `fakeOf` names it anew each time. */
export function clientsOf(fakeOf: () => FakeAws): Clients {
  const send = async (command: { input: unknown }): Promise<unknown> =>
    fakeOf().call(command.constructor.name.replace(/Command$/, ''), command.input);
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
