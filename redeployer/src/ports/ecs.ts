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
import { MissingResourceError } from '../errors.ts';
import type { ServedService } from '../model.ts';
import { call } from './calls.ts';

/** A task definition with its tags. */
export interface Definition {
  definition: TaskDefinition;
  tags: Tag[];
}

/** @throws MissingResourceError when the service is not there; else see `call`. */
export async function describeService(
  client: ECSClient,
  { cluster, service }: ServedService,
  signal: AbortSignal,
): Promise<Service> {
  const resource = `service ${cluster}/${service}`;
  const command = new DescribeServicesCommand({ cluster, services: [service] });
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
  const resource = `task definition ${name}`;
  return call({ action: 'ecs:DescribeTaskDefinition', resource }, signal, async (options) => {
    try {
      const { taskDefinition, tags = [] } = await client.send(command, options);
      return taskDefinition && { definition: taskDefinition, tags };
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

/** @returns the new revision's ARN. */
export async function registerTaskDefinition(
  client: ECSClient,
  input: RegisterTaskDefinitionCommandInput,
  signal: AbortSignal,
): Promise<string> {
  const resource = `family ${input.family}`;
  return call({ action: 'ecs:RegisterTaskDefinition', resource, writes: true }, signal, async (options) => {
    const command = new RegisterTaskDefinitionCommand(input);
    const { taskDefinition } = await client.send(command, options);
    if (!taskDefinition?.taskDefinitionArn) throw new Error('ECS answered without an ARN');
    return taskDefinition.taskDefinitionArn;
  });
}

/** Overwrites tags of a revision; repeating it changes nothing. */
export async function tagTaskDefinition(
  client: ECSClient,
  arn: string,
  tags: Tag[],
  signal: AbortSignal,
): Promise<void> {
  const command = new TagResourceCommand({ resourceArn: arn, tags });
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
