/**
 * ECS's `lastStatus`: `RUNNING` from the start of the process, `DEACTIVATING` while its load balancer lets go of it,
 * `STOPPING` from then until the process has ended.
 */
export type TaskState = 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

/** A task as far as a decision needs it. */
export interface SeenTask {
  id: string;
  /** The deployment that it belongs to. */
  deployment: string;
  state: TaskState;
  /** Whether its container, and its target where there is a load balancer, are healthy. */
  health: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';
  /** When it was started, in milliseconds since 1970. */
  startedAt: number;
}

/** What ECS is told to hold. */
export interface Wanted {
  /** The deployment that the service goes to, or is at. */
  primary: string;
  isInProgress: boolean;
  /** The deployment that served before the rollout, and how many tasks it had; undefined where nothing did. */
  previous?: { id: string; desired: number } | undefined;
  /** How many tasks. */
  desired: number;
  /** In per cent of `desired`. */
  minimumHealthyPercent: number;
  maximumPercent: number;
  /** How many tasks of the primary deployment failed so far. */
  failed: number;
  /** After how many it is rolled back; undefined without a circuit breaker. */
  failureThreshold?: number | undefined;
}

/** What has to be done now. */
export interface Decision {
  /** The deployment of each task to start. */
  start: string[];
  /** Ids of the tasks to stop. */
  stop: string[];
  /** The primary deployment has all that it wants, and nothing of another is left. */
  isComplete: boolean;
  /** The circuit breaker trips. */
  isFailed: boolean;
}

/**
 * One step of a rolling update: as many tasks as the percentages allow, old ones only once enough are healthy. An old task
 * that is lost while it is still needed is replaced by one of its own revision, as ECS does since 2025.
 */
export function decide(wanted: Wanted, tasks: SeenTask[]): Decision {
  const { primary, previous, desired, isInProgress } = wanted;
  if (isInProgress && wanted.failureThreshold !== undefined && wanted.failed >= wanted.failureThreshold) {
    return { start: [], stop: [], isComplete: false, isFailed: true };
  }
  const running = tasks.filter(({ state }) => state === 'RUNNING');
  const unhealthy = running.filter(({ health }) => health === 'UNHEALTHY');
  const usable = running.filter(({ health }) => health !== 'UNHEALTHY');
  const ours = usable.filter(({ deployment }) => deployment === primary);
  const old = usable.filter(({ deployment }) => deployment !== primary);

  // So many old ones are needed until as many new ones are healthy.
  const minimum = Math.ceil((desired * wanted.minimumHealthyPercent) / 100);
  const needed = Math.max(0, minimum - ours.filter(isHealthy).length);
  const dispensable = old.toSorted(byWorth).slice(needed);
  const surplus = ours.toSorted(byStart).slice(desired);
  const stop = [...unhealthy, ...dispensable, ...surplus].map(({ id }) => id);

  const lost = isInProgress && previous ? Math.min(needed, previous.desired) - old.length : 0;
  const missing = [...repeat(previous?.id ?? primary, lost), ...repeat(primary, desired - ours.length)];
  // Unhealthy ones count for the maximum as long as they run.
  const maximum = Math.floor((desired * wanted.maximumPercent) / 100);
  const start = missing.slice(0, Math.max(0, maximum - running.length));

  const isComplete =
    isInProgress &&
    ours.length === desired &&
    ours.every(isHealthy) &&
    unhealthy.length === 0 &&
    tasks.every(
      ({ deployment, state }) => deployment === primary || state === 'STOPPING' || state === 'STOPPED',
    );
  return { start, stop, isComplete, isFailed: false };
}

const isHealthy = ({ health }: SeenTask) => health === 'HEALTHY';
const byStart = (one: SeenTask, other: SeenTask) => one.startedAt - other.startedAt;
/** Healthy ones first, of those the newest. */
const byWorth = (one: SeenTask, other: SeenTask) =>
  Number(isHealthy(other)) - Number(isHealthy(one)) || byStart(other, one);
const repeat = (deployment: string, count: number) =>
  Array.from({ length: Math.max(0, count) }, () => deployment);
