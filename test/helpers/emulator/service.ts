import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  type ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { SeenService } from '../../../rehearsal/scheduler/services.ts';
import { control, query } from './aws.ts';

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
  more: { secrets?: { name: string; valueFrom: string }[] } = {},
): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [
        { name: 'app', image: 'placeholder', environment: [{ name: 'API_PORT', value: '3000' }], ...more },
      ],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? '';
}

/** Creates the cluster `main` and in it a service with a circuit breaker that rolls back; returns its ARN. */
export async function createService(
  ecs: ECSClient,
  network: Network,
  input: Pick<CreateServiceCommandInput, 'serviceName' | 'taskDefinition' | 'desiredCount'> &
    Partial<CreateServiceCommandInput>,
): Promise<string> {
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }));
  const { service } = await ecs.send(
    new CreateServiceCommand({
      cluster: 'main',
      networkConfiguration: { awsvpcConfiguration: network },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 1 }],
      ...input,
    }),
  );
  return service?.serviceArn ?? '';
}

/** What a scheduler sees of a service; `primary` is the deployment that it has to bring up. */
export async function seenByScheduler(url: string, arn: string) {
  const { services } = await control<{ services: SeenService[] }>(url, 'services');
  const found = services.find((one) => one.arn === arn);
  const primary = found?.deployments.find(({ status }) => status === 'PRIMARY');
  if (!found || !primary) throw new Error(`The scheduler sees no service ${arn}`);
  return { ...found, primary };
}
