import type { ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import type { Aws } from './aws.ts';
import { MissingResourceError } from './errors.ts';
import type { RolloutEvent } from './events/interpret.ts';
import { findRelease } from './find-release.ts';
import type { Outcome, Release, ServedService } from './model.ts';
import { describeDeployment, listDeployments, taskDefinitionsOf } from './ports/history.ts';

/** No rollout lasts longer; it only keeps the list of deployments short. */
const LONGEST_ROLLOUT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Finds out which release an ECS event speaks of, and how its rollout ended. The event names neither
 * image nor task definition: it belongs to the last deployment that began before it, for a new
 * deployment ends the one before.
 * @returns undefined when the deployment was none of a release (the placeholder at zero tasks).
 * @throws MissingResourceError when ECS's history does not show the deployment (yet).
 */
export async function outcomeOf(
  aws: Aws,
  served: ServedService,
  event: RolloutEvent,
): Promise<Outcome | undefined> {
  const { clients, signal } = aws;
  const window = { after: event.at - LONGEST_ROLLOUT_MS, before: event.at };
  const last = (await listDeployments(clients.ecs, served, window, signal))[0];
  if (!last?.serviceDeploymentArn) {
    throw new MissingResourceError(
      `ECS lists no deployment of ${served.service} that could have ended as ${event.deployment}`,
    );
  }
  const { status, statusReason, targetServiceRevision, rollback } = await describeDeployment(
    clients.ecs,
    last.serviceDeploymentArn,
    signal,
  );
  const target = await releaseOf(aws, served, targetServiceRevision?.arn);
  if (!target) return undefined;
  const { commit, digest } = target;
  const { service } = served;
  const { deployment } = event;
  const about = { service, commit, digest, deployment };
  if (event.name === 'SERVICE_DEPLOYMENT_FAILED') {
    return { ...about, outcome: 'FAILED', reason: join(event.reason, statusReason) };
  }
  if (!isRollback(status)) return { ...about, outcome: 'COMPLETED', reason: event.reason };
  const back = await releaseOf(aws, served, rollback?.serviceRevisionArn);
  const runs = back ? `the service runs ${back.commit} again` : 'the service runs no release';
  return { ...about, outcome: 'ROLLED_BACK', reason: join(runs, rollback?.reason) };
}

function isRollback(status: ServiceDeploymentStatus | undefined): boolean {
  return status?.startsWith('ROLLBACK_') ?? false;
}

async function releaseOf(
  aws: Aws,
  served: ServedService,
  revision: string | undefined,
): Promise<Release | undefined> {
  if (!revision) return undefined;
  const { clients, signal } = aws;
  const arn = (await taskDefinitionsOf(clients.ecs, [revision], signal)).get(revision) ?? '';
  return findRelease(aws, served, arn);
}

function join(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part).join('; ');
}
