import type { ServiceDeployment, ServiceDeploymentBrief } from '@aws-sdk/client-ecs';
import type { Aws } from './aws.ts';
import { SKEW_MS } from './clocks.ts';
import { ContradictoryViewError } from './errors.ts';
import type { RolloutEvent } from './events/interpret.ts';
import { findRelease } from './find-release.ts';
import { lookUntilSure } from './look-again.ts';
import type { Release, RolloutOutcome, ServedService } from './model.ts';
import { describeService } from './ports/ecs.ts';
import { beganAt, describeNewest, listDeployments, taskDefinitionsOf } from './ports/history.ts';

/** No rollout lasts longer; it only keeps the list of deployments short. */
const LONGEST_ROLLOUT_MS = 7 * 24 * 60 * 60 * 1000;

/** One end that a service deployment came to; a deployment that is rolled back has two. */
interface End {
  outcome: RolloutOutcome['outcome'];
  at: number;
  deployment: ServiceDeployment;
}

/**
 * Finds out which release an ECS event speaks of, and how its rollout ended. The event names neither image nor
 * task definition, and its id may be that of the deployment that ECS goes back to: it tells of the end of its
 * kind that is nearest in ECS's history, and not after its time, give or take what clocks are apart.
 * @returns undefined when the deployment was none of a release (the placeholder at zero tasks), or none of this
 * service but of one of the same name elsewhere.
 * @throws ContradictoryViewError when the history does not show the end (yet).
 */
export async function outcomeOf(
  aws: Aws,
  served: ServedService,
  event: RolloutEvent,
): Promise<RolloutOutcome | undefined> {
  const end = await lookUntilSure(
    aws,
    (found) => !found || Math.abs(found.at - event.at) <= SKEW_MS,
    () => findEnd(aws, served, event),
  );
  if (!end) return undefined;
  const { serviceDeploymentArn = '', statusReason, targetServiceRevision, rollback, alarms } = end.deployment;
  const target = await releaseOf(aws, served, targetServiceRevision?.arn);
  if (!target) return undefined;
  const { commit, digest } = target;
  const about = { service: served.service, commit, digest, deployment: serviceDeploymentArn };
  const triggered = alarms?.triggeredAlarmNames?.map((name) => `alarm ${name}`) ?? [];
  switch (end.outcome) {
    case 'COMPLETED':
      return { ...about, outcome: 'COMPLETED', reason: event.reason };
    case 'FAILED':
      return { ...about, outcome: 'FAILED', reason: join(event.reason, statusReason, ...triggered) };
    default: {
      const back = await releaseOf(aws, served, rollback?.serviceRevisionArn);
      const runs = back ? `the service runs ${back.commit} again` : 'the service runs no release';
      return { ...about, outcome: 'ROLLED_BACK', reason: join(runs, rollback?.reason, ...triggered) };
    }
  }
}

async function findEnd(aws: Aws, served: ServedService, event: RolloutEvent): Promise<End | undefined> {
  const { clients, signal } = aws;
  const listed = await listDeployments(clients.ecs, served, event.at - LONGEST_ROLLOUT_MS, signal);
  const serviceArn = listed[0]?.serviceArn ?? (await describeService(clients.ecs, served, signal)).serviceArn;
  if (serviceArn !== event.serviceArn) return undefined;
  const then = listed.filter((one) => beganAt(one) <= event.at + SKEW_MS);
  const described = await describeNewest(clients.ecs, then, signal);
  const statuses = new Map(listed.map((one) => [one.serviceDeploymentArn, one.status]));
  const moved = described.find((one) => statuses.get(one.serviceDeploymentArn) !== one.status);
  if (moved) throw new ContradictoryViewError(`ECS lists ${moved.serviceDeploymentArn} with another status`);
  const ends = described.flatMap((one) => endsOf(one, isSuperseded(one, listed)));
  return lastEnd(event, described, ends);
}

/** @throws ContradictoryViewError when a deployment that may be meant has not ended as far as the history goes. */
function lastEnd(event: RolloutEvent, deployments: ServiceDeployment[], ends: End[]): End {
  const [end] = ends
    .filter(({ outcome, at }) => (outcome === 'FAILED') === event.failed && at <= event.at + SKEW_MS)
    .toSorted((one, other) => Math.abs(one.at - event.at) - Math.abs(other.at - event.at));
  const open = deployments.find(
    (one) =>
      isOpen(one, event.failed) && beganAt(one) < event.at - SKEW_MS && (!end || beganAt(one) > end.at),
  );
  if (!end || open) {
    const kind = event.failed ? 'failed' : 'completed';
    throw new ContradictoryViewError(`ECS's history shows no deployment that ${kind} as ${event.deployment}`);
  }
  return end;
}

/** Whether the end that an event tells of is still to come, by what the history says. */
function isOpen({ status }: ServiceDeployment, failed: boolean): boolean {
  if (status === 'PENDING' || status === 'IN_PROGRESS') return true;
  return !failed && (status === 'ROLLBACK_REQUESTED' || status === 'ROLLBACK_IN_PROGRESS');
}

/** Whether a deployment was stopped because a newer one began, which is no end that ECS tells of. */
function isSuperseded(one: ServiceDeployment, listed: ServiceDeploymentBrief[]): boolean {
  const stopped = (one.stoppedAt ?? one.finishedAt)?.getTime() ?? NaN;
  // Both times are of one clock, and cut to seconds at most.
  return listed.some((newer) => beganAt(newer) > beganAt(one) && beganAt(newer) <= stopped + 1000);
}

/** SUCCESSFUL alone is COMPLETED. */
function endsOf(deployment: ServiceDeployment, superseded: boolean): End[] {
  const { status, rollback, finishedAt, stoppedAt, updatedAt } = deployment;
  const end = (outcome: RolloutOutcome['outcome'], at: Date | undefined): End[] =>
    at ? [{ outcome, at: at.getTime(), deployment }] : [];
  const wentBack = rollback ? end('FAILED', rollback.startedAt ?? updatedAt) : [];
  switch (status) {
    case 'SUCCESSFUL':
      return end('COMPLETED', finishedAt ?? updatedAt);
    case 'ROLLBACK_SUCCESSFUL':
      return [...wentBack, ...end('ROLLED_BACK', finishedAt ?? updatedAt)];
    case 'ROLLBACK_FAILED':
      return [...wentBack, ...end('FAILED', finishedAt ?? stoppedAt ?? updatedAt)];
    case 'STOPPED':
      return superseded ? wentBack : [...wentBack, ...end('FAILED', stoppedAt ?? finishedAt ?? updatedAt)];
    default:
      return wentBack;
  }
}

async function releaseOf(
  aws: Aws,
  served: ServedService,
  revision: string | undefined,
): Promise<Release | undefined> {
  if (!revision) return undefined;
  const { clients, signal } = aws;
  const arn = (await taskDefinitionsOf(clients.ecs, [revision], signal)).get(revision) ?? '';
  return (await findRelease(aws, served, arn))?.release;
}

function join(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part).join('; ');
}
