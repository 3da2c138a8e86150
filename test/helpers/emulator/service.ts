import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  type ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { SeenService } from '../../../rehearsal/scheduler/services.ts';
import { ACCOUNT, call, clientsOf, control, query } from './aws.ts';

export interface Network {
  subnets: string[];
  securityGroups: string[];
}

/** A subnet of the default VPC and its security group. */
export async function findNetwork(url: string): Promise<Network> {
  const read = async (action: string, tag: string) => {
    const xml = await query(url, 'ec2', { Action: action, Version: '2016-11-15' });
    const found = new RegExp(`<${tag}>(.*?)</${tag}>`).exec(xml)?.[1];
    if (!found) throw new Error(`${action} shows no ${tag}`);
    return [found];
  };
  return {
    subnets: await read('DescribeSubnets', 'subnetId'),
    securityGroups: await read('DescribeSecurityGroups', 'groupId'),
  };
}

/** Registers a task definition of one container `app`; returns its ARN. */
export async function registerTaskDefinition(
  ecs: ECSClient,
  family: string,
  container: Partial<ContainerDefinition> = {},
  taskRoleArn?: string,
): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      taskRoleArn,
      containerDefinitions: [
        {
          name: 'app',
          image: 'placeholder',
          environment: [{ name: 'API_PORT', value: '3000' }],
          ...container,
        },
      ],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
}

/** Creates a cluster, `main` unless named, and in it a service with a circuit breaker that rolls back; returns its ARN. */
export async function createService(
  ecs: ECSClient,
  network: Network,
  input: Pick<CreateServiceCommandInput, 'serviceName' | 'taskDefinition' | 'desiredCount'> &
    Partial<CreateServiceCommandInput>,
): Promise<string> {
  const { cluster = 'main' } = input;
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const { service } = await ecs.send(
    new CreateServiceCommand({
      cluster,
      networkConfiguration: { awsvpcConfiguration: network },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }],
      ...input,
    }),
  );
  return service?.serviceArn ?? '';
}

/**
 * What the layers make of a service before its first release: its repository, its template, and the service itself at
 * zero tasks. Everything has the one name, but the template's family ends in `-template`. Returns the service's ARN.
 */
export async function createUnreleased(
  url: string,
  name: string,
  container: Partial<ContainerDefinition> = {},
  settings: Partial<CreateServiceCommandInput> & { taskRoleArn?: string } = {},
): Promise<string> {
  const { ecr, ecs } = clientsOf(url);
  const { taskRoleArn, ...service } = settings;
  await ecr.send(new CreateRepositoryCommand({ repositoryName: name, imageTagMutability: 'IMMUTABLE' }));
  const taskDefinition = await registerTaskDefinition(ecs, `${name}-template`, container, taskRoleArn);
  const wanted = { serviceName: name, taskDefinition, desiredCount: 0, ...service };
  return createService(ecs, await findNetwork(url), wanted);
}

/** Creates the secret `database`; returns its ARN. */
export async function createSecret(
  url: string,
  value: { username: string; password: string },
): Promise<string> {
  const { ARN } = await call<{ ARN: string }>(url, 'secretsmanager', 'secretsmanager.CreateSecret', {
    Name: 'database',
    SecretString: JSON.stringify(value),
  });
  return ARN;
}

/** Creates a role that nobody's trust policy keeps anybody out of, for the emulator reads none; returns its ARN. */
export async function createRole(url: string, name: string, path = '/'): Promise<string> {
  await query(url, 'iam', {
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: name,
    Path: path,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
  });
  return `arn:aws:iam::${ACCOUNT}:role${path}${name}`;
}

/** What a scheduler sees of a service; `primary` is the deployment that it has to bring up. */
export async function seenByScheduler(url: string, arn: string) {
  const { services } = await control<{ services: SeenService[] }>(url, 'services');
  const found = services.find((one) => one.arn === arn);
  const primary = found?.deployments.find(({ status }) => status === 'PRIMARY');
  if (!found || !primary) throw new Error(`The scheduler sees no service ${arn}`);
  return { ...found, primary };
}
