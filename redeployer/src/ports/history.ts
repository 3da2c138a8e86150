import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import { ContradictoryViewError } from '../errors.ts';
import type { ServedService } from '../model.ts';
import { call } from './calls.ts';

/** ECS describes at most so many revisions or deployments in one call. */
const PAGE = 20;

/** Lists a service's deployments, newest first, created since a moment (milliseconds). ECS keeps about 90 days. */
export async function listDeployments(
  client: ECSClient,
  { cluster, service }: ServedService,
  after: number,
  signal: AbortSignal,
): Promise<ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  const createdAt = { after: new Date(after) };
  let nextToken: string | undefined;
  do {
    const command = new ListServiceDeploymentsCommand({ cluster, service, createdAt, nextToken });
    const page = await call(
      { action: 'ecs:ListServiceDeployments', resource: `service ${cluster}/${service}` },
      signal,
      (options) => client.send(command, options),
    );
    found.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found.filter((one) => beganAt(one) >= after).toSorted((one, other) => beganAt(other) - beganAt(one));
}

/** When a deployment began, in milliseconds. */
export function beganAt(deployment: { createdAt?: Date | undefined }): number {
  return deployment.createdAt?.getTime() ?? NaN;
}

/** Describes the newest of the listed deployments, as many as one call takes; newest first. */
export async function describeNewest(
  client: ECSClient,
  listed: ServiceDeploymentBrief[],
  signal: AbortSignal,
): Promise<ServiceDeployment[]> {
  const serviceDeploymentArns = listed.flatMap((one) => one.serviceDeploymentArn ?? []).slice(0, PAGE);
  if (serviceDeploymentArns.length === 0) return [];
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
  const { serviceDeployments = [] } = await call(
    { action: 'ecs:DescribeServiceDeployments', resource: serviceDeploymentArns.join(', ') },
    signal,
    (options) => client.send(command, options),
  );
  return serviceDeployments.toSorted((one, other) => beganAt(other) - beganAt(one));
}

/**
 * Looks up which task definition each service revision was made of.
 * @returns task definition ARNs by revision ARN.
 * @throws ContradictoryViewError when ECS, which named a revision, does not know it (yet).
 */
export async function taskDefinitionsOf(
  client: ECSClient,
  revisions: string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < revisions.length; start += PAGE) {
    const serviceRevisionArns = revisions.slice(start, start + PAGE);
    const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
    const { serviceRevisions = [] } = await call(
      { action: 'ecs:DescribeServiceRevisions', resource: serviceRevisionArns.join(', ') },
      signal,
      (options) => client.send(command, options),
    );
    for (const { serviceRevisionArn, taskDefinition } of serviceRevisions) {
      if (serviceRevisionArn && taskDefinition) found.set(serviceRevisionArn, taskDefinition);
    }
  }
  const missing = revisions.filter((arn) => !found.has(arn));
  if (missing.length > 0) {
    throw new ContradictoryViewError(
      `ECS names a service revision and does not know it: ${missing.join(', ')}`,
    );
  }
  return found;
}
