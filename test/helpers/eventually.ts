import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until the assertions hold; what still fails when the test itself times out is the test's failure. */
export async function eventually<T>(attempt: () => Promise<T> | T, tries = 1200): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (tries === 0) {
      throw error;
    }
    await delay(50);
    return eventually(attempt, tries - 1);
  }
}
