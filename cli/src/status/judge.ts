import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Release } from '../../../redeployer/src/model.ts';
import { isPaused } from '../../../redeployer/src/observe.ts';
import type { Outcome, Rollout, Why } from './model.ts';

interface Seen {
  release: Release;
  why: Why;
}

/**
 * How each rollout ended, in the words of the pipeline, newest first.
 * @param deployed newest first.
 * @param newest the number of the newest release.
 */
export function judge(
  deployed: (Seen & { deployment: ServiceDeployment })[],
  undeployed: Seen[],
  newest: number | undefined,
  service: Service,
): Rollout[] {
  const rollouts = deployed.map(({ deployment, release, why }, index) => {
    const { status = '', startedAt, createdAt, finishedAt } = deployment;
    const outcome = outcomeOf(status, release, deployed[index - 1]?.release);
    return {
      ...factsOf(release, why),
      beganAt: iso(startedAt ?? createdAt) ?? '',
      endedAt: outcome === 'in-flight' ? null : iso(finishedAt),
      outcome,
      reason: outcome === 'in-flight' ? progress(status, service) : reasonOf(deployment),
    };
  });
  const others = undeployed.flatMap(({ release, why }) => {
    const outcome: Outcome | undefined =
      release.commandEnd === 'failed'
        ? 'release-command-failed'
        : release.number === newest && release.registeredAt > (service.createdAt?.getTime() ?? 0)
          ? 'in-flight'
          : undefined;
    if (!outcome) return [];
    const beganAt = new Date(release.registeredAt).toISOString();
    const reason = outcome === 'in-flight' ? waiting(release, service) : 'its release command failed';
    return [{ ...factsOf(release, why), beganAt, endedAt: null, outcome, reason }];
  });
  return [...rollouts, ...others].toSorted(
    (one, other) => other.release - one.release || byBegin(one, other),
  );
}

function outcomeOf(status: string, release: Release, later: Release | undefined): Outcome {
  if (status === 'SUCCESSFUL') return 'completed';
  if (/^(ROLLBACK_SUCCESSFUL|ROLLBACK_FAILED)$/.test(status)) return 'rolled-back';
  if (status === 'STOPPED') return later && later.commit !== release.commit ? 'superseded' : 'rolled-back';
  return 'in-flight';
}

function reasonOf({ statusReason = '', rollback, alarms }: ServiceDeployment): string {
  const triggered = alarms?.triggeredAlarmNames?.map((name) => `alarm ${name}`) ?? [];
  return [statusReason, rollback?.reason ?? '', ...triggered].map(readable).filter(Boolean).join('; ');
}

/** ECS's words, without the identifier of the revision that it goes back to. */
function readable(reason: string): string {
  return reason
    .replaceAll(/\s+/g, ' ')
    .replace(/ to arn:\S+(?=: )/, '')
    .replace(/\.?\s*$/, '');
}

function factsOf(release: Release, why: Why) {
  return {
    commit: release.commit,
    release: release.number,
    why,
    template: release.template,
    chosenAt: new Date(release.releasedAt).toISOString(),
  };
}

function progress(status: string, { deployments = [] }: Service): string {
  const primary = deployments.find((one) => one.status === 'PRIMARY');
  const tasks = `${primary?.runningCount ?? 0} of ${primary?.desiredCount ?? 0} tasks run`;
  return status.startsWith('ROLLBACK') ? `ECS rolls it back: ${tasks}` : `its rollout is under way: ${tasks}`;
}

function waiting({ commandTemplate, commandEnd }: Release, service: Service): string {
  if (isPaused(service)) return 'it is rolled out when the pause is over';
  return commandTemplate && !commandEnd
    ? 'its release command has not ended yet'
    : 'it is registered, and its rollout has not begun';
}

function byBegin(one: Rollout, other: Rollout): number {
  return other.beganAt.localeCompare(one.beganAt);
}

function iso(at: Date | undefined): string | null {
  return at?.toISOString() ?? null;
}
