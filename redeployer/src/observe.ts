import type { Service, ServiceDeploymentBrief, ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import type { Aws } from './aws.ts';
import { MissingResourceError } from './errors.ts';
import { findRelease } from './find-release.ts';
import type { Observation, Progress, Release, ServedService, Wake } from './model.ts';
import { type Definition, describeService, describeTaskDefinition } from './ports/ecs.ts';
import { listImages } from './ports/ecr.ts';
import { beganAt, listDeployments, taskDefinitionsOf } from './ports/history.ts';
import { readRelease, templateName } from './release.ts';

/** ECS keeps 90 days; ten are left out so that a release is never judged by a history already cut off. */
const HISTORY_MS = 80 * 24 * 60 * 60 * 1000;

/** What a decision is made from, and what carrying it out needs besides. */
export interface Observed {
  seen: Observation;
  template: Definition;
  service: Service;
}

/**
 * Looks at the registry, the template, the newest release and the service; at the deployment history
 * only where those leave a doubt. Reads only.
 * @throws MissingResourceError when the service or its template is not there; else see `call`.
 */
export async function observe(aws: Aws, served: ServedService, wake: Wake): Promise<Observed> {
  const { clients, signal } = aws;
  const templateFamily = `${served.service}-template`;
  const [images, template, newestDefinition, service] = await Promise.all([
    listImages(clients.ecr, served.repository, signal),
    describeTaskDefinition(clients.ecs, templateFamily, signal),
    describeTaskDefinition(clients.ecs, served.service, signal),
    describeService(clients.ecs, served, signal),
  ]);
  if (!template) {
    throw new MissingResourceError(`There is no task definition ${templateFamily}: apply Terraform`);
  }
  const newest = newestDefinition && readRelease(newestDefinition, served.container);
  const { taskDefinition = '' } = service;
  // A service that never ran stands on its template, which is no release.
  const running = newest?.arn === taskDefinition ? newest : await findRelease(aws, served, taskDefinition);
  const progress = newest && (await progressOf(aws, served, service, newest));
  return {
    template,
    service,
    seen: {
      images,
      template: templateName(template),
      newest: newest && progress && { ...newest, progress },
      running,
      busy: primaryOf(service)?.rolloutState === 'IN_PROGRESS',
      deployedAt: wake.kind === 'restart' ? await deployedSince(aws, served, service, wake.at) : [],
    },
  };
}

async function progressOf(
  aws: Aws,
  served: ServedService,
  service: Service,
  newest: Release,
): Promise<Progress> {
  if (service.taskDefinition === newest.arn) {
    const state = primaryOf(service)?.rolloutState;
    if (state === 'IN_PROGRESS') return 'in flight';
    return state === 'FAILED' ? 'failed' : 'completed';
  }
  // Nothing deploys a release before it is registered, which keeps this list short.
  const deployments = await deploymentsOf(aws, served, newest.arn, newest.registeredAt);
  const last = deployments[0];
  if (last) return progressIn(last.status);
  return aws.now() - newest.registeredAt > HISTORY_MS ? 'forgotten' : 'never deployed';
}

function progressIn(status: ServiceDeploymentStatus | undefined): Progress {
  if (status === 'SUCCESSFUL') return 'completed';
  return status === 'PENDING' || status === 'IN_PROGRESS' ? 'in flight' : 'failed';
}

async function deployedSince(
  aws: Aws,
  served: ServedService,
  { taskDefinition = '' }: Service,
  since: number,
): Promise<number[]> {
  return (await deploymentsOf(aws, served, taskDefinition, since)).map(beganAt);
}

/** The deployments of one task definition that began since a moment, newest first. */
async function deploymentsOf(
  { clients, signal }: Aws,
  served: ServedService,
  taskDefinition: string,
  since: number,
): Promise<ServiceDeploymentBrief[]> {
  const listed = await listDeployments(clients.ecs, served, { after: since }, signal);
  const revisions = [...new Set(listed.flatMap((one) => one.targetServiceRevisionArn ?? []))];
  const definitions = await taskDefinitionsOf(clients.ecs, revisions, signal);
  return listed.filter((one) => definitions.get(one.targetServiceRevisionArn ?? '') === taskDefinition);
}

function primaryOf({ deployments = [] }: Service) {
  return deployments.find(({ status }) => status === 'PRIMARY');
}
