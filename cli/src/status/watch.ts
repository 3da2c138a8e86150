import { setTimeout as pause } from 'node:timers/promises';
import type { Rollout, Status } from './model.ts';

const POLL_MS = 5000;

/**
 * Looks until a rollout that is meant has ended, and tells each change once.
 * @param looks one for each environment that is watched.
 * @param isMeant whether a rollout is the one, or one of those, that are waited for.
 * @returns how it ended; undefined where the time was up first.
 */
export async function watch(
  looks: (() => Promise<Status>)[],
  isMeant: (rollout: Rollout, status: Status) => boolean,
  tell: (status: Status, rollout: Rollout) => void,
  { until = Infinity, pollMs = POLL_MS } = {},
): Promise<Rollout | undefined> {
  const told = new Map<string, string>();
  for (;;) {
    for (const status of await Promise.all(looks.map((look) => look()))) {
      for (const rollout of status.rollouts.filter((one) => isMeant(one, status)).toReversed()) {
        const key = `${status.environment} ${rollout.release}`;
        const change = `${rollout.outcome} ${rollout.reason}`;
        if (told.get(key) !== change) tell(status, rollout);
        told.set(key, change);
        if (rollout.outcome !== 'in-flight') return rollout;
      }
    }
    if (Date.now() >= until) return undefined;
    await pause(pollMs);
  }
}
