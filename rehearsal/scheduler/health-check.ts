import { setTimeout as delay } from 'node:timers/promises';

/** The `healthCheck` of a container definition; times in seconds. */
export interface HealthCheckSettings {
  command: string[];
  interval: number;
  timeout: number;
  retries: number;
  startPeriod: number;
}

export type Health = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

/**
 * Runs a container's health check until `signal` aborts, as ECS does: the first good check makes it healthy; failures
 * in the start period do not count; after it, `retries` failures in a row make it unhealthy.
 *
 * @param check runs the command once, and tells whether it ended with 0 within its timeout
 * @param onChange hears of every change
 */
export async function keepChecking(
  settings: HealthCheckSettings,
  check: () => Promise<boolean>,
  onChange: (health: Health) => void,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  let health = 'UNKNOWN' as Health;
  let failures = 0;
  const become = (next: Health) => {
    if (health !== next) {
      health = next;
      onChange(next);
    }
  };
  while (!signal.aborted) {
    await delay(settings.interval * 1000, undefined, { signal }).catch(() => {});
    if (signal.aborted) {
      return;
    }
    const isStarting = performance.now() - startedAt < settings.startPeriod * 1000;
    if (await check()) {
      failures = 0;
      become('HEALTHY');
    } else if (!isStarting || health === 'HEALTHY') {
      failures += 1;
      if (failures >= settings.retries) {
        become('UNHEALTHY');
      }
    }
  }
}
