import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type Tag,
  TagResourceCommand,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { MissingResourceError, OvertakenError } from '../errors.ts';
import type { ServedService } from '../model.ts';
import { call } from './calls.ts';
import { addUnknown, catchAnswer, type Unknown, unknownIn } from './unknown-fields.ts';

/** A task definition with its tags. */
export interface Definition {
  definition: TaskDefinition;
  tags: Tag[];
  /** What ECS told beyond what this SDK knows. */
  unknown?: Unknown | undefined;
}

/** ECS's answer, no error of its own, while something else registers in the same family. */
const CONCURRENT = /too many concurrent attempts to create a new revision/i;

/** @throws MissingResourceError when the service is not there; else see `call`. */
export async function describeService(
  client: ECSClient,
  { cluster, service }: ServedService,
  signal: AbortSignal,
): Promise<Service> {
  const resource = `service ${cluster}/${service}`;
  const command = new DescribeServicesCommand({ cluster, services: [service], include: ['TAGS'] });
  const { services = [] } = await call({ action: 'ecs:DescribeServices', resource }, signal, (options) =>
    client.send(command, options),
  );
  const found = services.find(({ status }) => status === 'ACTIVE');
  if (!found) {
    throw new MissingResourceError(`There is no active ${resource}: look at SERVICES, or apply Terraform`);
  }
  return found;
}

/**
 * @param name a family, for its newest active revision, or the ARN of a revision.
 * @returns undefined when there is none.
 */
export async function describeTaskDefinition(
  client: ECSClient,
  name: string,
  signal: AbortSignal,
): Promise<Definition | undefined> {
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] });
  const answer = catchAnswer(command.middlewareStack);
  const resource = `task definition ${name}`;
  return call({ action: 'ecs:DescribeTaskDefinition', resource }, signal, async (options) => {
    try {
      const { taskDefinition, tags = [] } = await client.send(command, options);
      const unknown = unknownIn(answer()['taskDefinition'], taskDefinition);
      return taskDefinition && { definition: taskDefinition, tags, unknown };
    } catch (error) {
      // ECS has no error of its own for this; its message is the only sign.
      if (
        error instanceof Error &&
        error.name === 'ClientException' &&
        /task definition/i.test(error.message)
      ) {
        return undefined;
      }
      throw error;
    }
  });
}

/**
 * @param unknown fields that this SDK does not know, sent as they came.
 * @returns the new revision's ARN.
 * @throws OvertakenError when something else was registering in the family; see also `call`.
 */
export async function registerTaskDefinition(
  client: ECSClient,
  input: RegisterTaskDefinitionCommandInput,
  unknown: Unknown | undefined,
  signal: AbortSignal,
): Promise<string> {
  const resource = `family ${input.family}`;
  const command = new RegisterTaskDefinitionCommand(input);
  if (unknown) addUnknown(command.middlewareStack, unknown);
  return call({ action: 'ecs:RegisterTaskDefinition', resource, writes: true }, signal, async (options) => {
    try {
      const { taskDefinition } = await client.send(command, options);
      if (!taskDefinition?.taskDefinitionArn) throw new Error('ECS answered without an ARN');
      return taskDefinition.taskDefinitionArn;
    } catch (cause) {
      if (cause instanceof Error && CONCURRENT.test(cause.message)) {
        throw new OvertakenError(`Something else is registering in the ${resource}`, { cause });
      }
      throw cause;
    }
  });
}

/** Adds a tag to a revision; once more changes nothing. */
export async function tagTaskDefinition(
  client: ECSClient,
  arn: string,
  tag: { key: string; value: string },
  signal: AbortSignal,
): Promise<void> {
  const command = new TagResourceCommand({ resourceArn: arn, tags: [tag] });
  await call({ action: 'ecs:TagResource', resource: arn }, signal, (options) =>
    client.send(command, options),
  );
}

/**
 * Starts a deployment of a revision.
 * @param desiredCount only for a service that never ran; else autoscaling owns it.
 */
export async function deployTaskDefinition(
  client: ECSClient,
  { cluster, service }: ServedService,
  taskDefinition: string,
  desiredCount: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const command = new UpdateServiceCommand({
    cluster,
    service,
    taskDefinition,
    forceNewDeployment: true,
    ...(desiredCount === undefined ? {} : { desiredCount }),
  });
  const resource = `service ${cluster}/${service}`;
  await call({ action: 'ecs:UpdateService', resource, writes: true }, signal, (options) =>
    client.send(command, options),
  );
}
