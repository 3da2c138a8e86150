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
  /** How many tasks of the primary deployment to start. */
  start: number;
  /** Ids of the tasks to stop. */
  stop: string[];
  /** The primary deployment has all that it wants, and nothing of another is left. */
  isComplete: boolean;
  /** The circuit breaker trips. */
  isFailed: boolean;
}

/** One step of a rolling update: as many tasks as the percentages allow, old ones only once enough are healthy. */
export function decide(wanted: Wanted, tasks: SeenTask[]): Decision {
  const { primary, desired, isInProgress } = wanted;
  if (isInProgress && wanted.failureThreshold !== undefined && wanted.failed >= wanted.failureThreshold) {
    return { start: 0, stop: [], isComplete: false, isFailed: true };
  }
  const running = tasks.filter(({ state }) => state === 'RUNNING');
  const unhealthy = running.filter(({ health }) => health === 'UNHEALTHY');
  const usable = running.filter(({ health }) => health !== 'UNHEALTHY');
  const ours = usable.filter(({ deployment }) => deployment === primary);
  const old = usable.filter(({ deployment }) => deployment !== primary);

  // Unhealthy ones count for the maximum as long as they run.
  const maximum = Math.floor((desired * wanted.maximumPercent) / 100);
  const start = Math.max(0, Math.min(desired - ours.length, maximum - running.length));

  const minimum = Math.ceil((desired * wanted.minimumHealthyPercent) / 100);
  const healthy = usable.filter(({ health }) => health === 'HEALTHY').length;
  const surplus = ours.toSorted(byStart).slice(desired);
  const dispensable = [...old.filter((task) => !isHealthy(task)), ...old.filter(isHealthy).toSorted(byStart)];
  const stop = unhealthy.map(({ id }) => id);
  let left = healthy;
  for (const task of [...dispensable, ...surplus]) {
    if (!isHealthy(task)) {
      stop.push(task.id);
    } else if (left > minimum) {
      left -= 1;
      stop.push(task.id);
    }
  }
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
