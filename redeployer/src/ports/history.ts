import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
} from '@aws-sdk/client-ecs';
import { MissingResourceError } from '../errors.ts';
import type { ServedService } from '../model.ts';
import { call } from './calls.ts';

/** ECS describes at most so many revisions in one call. */
const PAGE = 20;

/**
 * Lists a service's deployments, newest first, created in `[after, before]` (milliseconds).
 * ECS keeps about 90 days.
 */
export async function listDeployments(
  client: ECSClient,
  { cluster, service }: ServedService,
  { after, before }: { after: number; before?: number },
  signal: AbortSignal,
): Promise<ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  const createdAt = { after: new Date(after), ...(before === undefined ? {} : { before: new Date(before) }) };
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
  return found
    .filter((one) => beganAt(one) >= after && (before === undefined || beganAt(one) <= before))
    .toSorted((one, other) => beganAt(other) - beganAt(one));
}

/** When a deployment began, in milliseconds. */
export function beganAt(deployment: ServiceDeploymentBrief): number {
  return deployment.createdAt?.getTime() ?? NaN;
}

/** @throws MissingResourceError when ECS no longer knows the deployment. */
export async function describeDeployment(
  client: ECSClient,
  arn: string,
  signal: AbortSignal,
): Promise<ServiceDeployment> {
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  const { serviceDeployments = [] } = await call(
    { action: 'ecs:DescribeServiceDeployments', resource: arn },
    signal,
    (options) => client.send(command, options),
  );
  const found = serviceDeployments[0];
  if (!found) throw new MissingResourceError(`ECS knows no service deployment ${arn}`);
  return found;
}

/**
 * Looks up which task definition each service revision was made of.
 * @returns task definition ARNs by revision ARN.
 * @throws MissingResourceError when ECS no longer knows a revision.
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
  if (missing.length > 0)
    throw new MissingResourceError(`ECS knows no service revision ${missing.join(', ')}`);
  return found;
}
