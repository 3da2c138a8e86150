import { describe, expect, it } from '@jest/globals';
import { keepChecking, type Health } from './health-check.ts';

const settings = { command: ['CMD', 'true'], interval: 0.001, timeout: 1, retries: 3, startPeriod: 0 };

/** What a container becomes that answers its checks like this, one after the other. */
async function livesThrough(answers: boolean[], overrides: Partial<typeof settings> = {}): Promise<Health[]> {
  const changes: Health[] = [];
  const over = new AbortController();
  const left = [...answers];
  const check = async () => {
    const answer = left.shift() ?? false;
    if (left.length === 0) {
      over.abort();
    }
    return answer;
  };
  await keepChecking({ ...settings, ...overrides }, check, (health) => changes.push(health), over.signal);
  return changes;
}

describe('keepChecking', () => {
  it('is healthy at the first good check', async () => {
    expect(await livesThrough([true, true])).toEqual(['HEALTHY']);
  });

  it('is unhealthy after so many failures in a row, and not one before', async () => {
    expect(await livesThrough([true, false, false])).toEqual(['HEALTHY']);
    expect(await livesThrough([true, false, false, false])).toEqual(['HEALTHY', 'UNHEALTHY']);
  });

  it('begins to count anew after a good check', async () => {
    expect(await livesThrough([true, false, false, true, false, false])).toEqual(['HEALTHY']);
  });

  it('does not count failures while it starts', async () => {
    expect(await livesThrough([false, false, false, false], { startPeriod: 60 })).toEqual([]);
    expect(await livesThrough([false, false, false])).toEqual(['UNHEALTHY']);
  });

  it('counts failures in the start period once it was healthy', async () => {
    expect(await livesThrough([true, false, false, false], { startPeriod: 60 })).toEqual([
      'HEALTHY',
      'UNHEALTHY',
    ]);
  });

  it('recovers', async () => {
    expect(await livesThrough([false, false, false, true])).toEqual(['UNHEALTHY', 'HEALTHY']);
  });
});
