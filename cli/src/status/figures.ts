import type { Rollout } from './model.ts';

/** One of the four figures that teams are asked for, with how it was counted. */
export interface Figure {
  name: string;
  value: string;
  counted: string;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * The four figures of an environment. A restart and a changed template bring no commit, so they are left out.
 * @param rollouts newest first.
 * @param committedAt when a commit was made, in milliseconds; undefined where git does not know it here.
 */
export function figuresOf(
  rollouts: Rollout[],
  committedAt: (commit: string) => number | undefined,
  now: number,
): Figure[] {
  const releases = rollouts.filter(({ why }) => why === 'pushed' || why === 'requested');
  const completed = releases.filter(({ outcome }) => outcome === 'completed');
  const failed = releases.filter(({ outcome }) => /^(rolled-back|release-command-failed)$/.test(outcome));
  return [
    frequency(completed, now),
    leadTime(completed, committedAt),
    failures(completed, failed),
    restore(releases),
  ];
}

function frequency(completed: Rollout[], now: number): Figure {
  const oldest = completed.at(-1);
  const name = 'Deployment frequency';
  if (!oldest) return { name, value: 'none yet', counted: 'releases that completed' };
  const days = Math.max(1, Math.ceil((now - Date.parse(oldest.beganAt)) / DAY));
  const time = days === 1 ? 'a day' : `${days} days`;
  return {
    name,
    // Less than a week says nothing of weeks.
    value: days < 7 ? `${completed.length} in ${time}` : `${rounded((completed.length / days) * 7)} a week`,
    counted: `${completed.length} releases that completed, in ${time} since the oldest that ECS remembers began`,
  };
}

function leadTime(completed: Rollout[], committedAt: (commit: string) => number | undefined): Figure {
  const pushed = completed.filter(({ why }) => why === 'pushed');
  const times = pushed.flatMap(({ commit, endedAt }) => {
    const at = committedAt(commit);
    return at === undefined || endedAt === null ? [] : Date.parse(endedAt) - at;
  });
  return {
    name: 'Lead time',
    value: times.length > 0 ? span(median(times)) : 'cannot tell',
    counted: `from the commit to the end of its rollout, the median of the ${times.length} pushed releases, of ${pushed.length}, whose commit git knows here`,
  };
}

function failures(completed: Rollout[], failed: Rollout[]): Figure {
  const all = completed.length + failed.length;
  return {
    name: 'Share of failed releases',
    value: all > 0 ? `${rounded((failed.length / all) * 100)} %` : 'none yet',
    counted: `${failed.length} of ${all} that ended were rolled back, or failed in their release command`,
  };
}

/** By ECS: from the beginning of a rollout to the end of its rollback. By hand: from one end to that of the older commit. */
function restore(releases: Rollout[]): Figure {
  const oldestFirst = releases.toReversed();
  const before = new Set<string>();
  const times = oldestFirst.flatMap((one, index) => {
    const last = oldestFirst[index - 1];
    const wasThere = before.has(one.commit);
    before.add(one.commit);
    if (one.endedAt === null) return [];
    if (one.outcome === 'rolled-back') return Date.parse(one.endedAt) - Date.parse(one.beganAt);
    const isByHand = one.why === 'requested' && one.outcome === 'completed' && wasThere;
    return isByHand && last?.outcome === 'completed' && last.endedAt
      ? Date.parse(one.endedAt) - Date.parse(last.endedAt)
      : [];
  });
  return {
    name: 'Time to restore',
    value: times.length > 0 ? span(median(times)) : 'nothing to restore',
    counted: `the median of ${times.length} rollbacks: by ECS from the beginning of the rollout, by request from the end of the release that was taken back`,
  };
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  return (low + high) / 2;
}

function span(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 90) return `${rounded(minutes)} min`;
  return minutes < 48 * 60 ? `${rounded(minutes / 60)} h` : `${rounded(minutes / 60 / 24)} days`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
