import { describe, expect, it } from '@jest/globals';
import { decide, type SeenTask, type Wanted } from './decide.ts';

const wanted: Wanted = {
  primary: 'new',
  isInProgress: true,
  desired: 3,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  failed: 0,
  failureThreshold: 3,
};

let count = 0;

function task(overrides: Partial<SeenTask> = {}): SeenTask {
  count += 1;
  return {
    id: `task-${count}`,
    deployment: 'new',
    state: 'RUNNING',
    health: 'HEALTHY',
    startedAt: count,
    ...overrides,
  };
}

const tasks = (number: number, overrides: Partial<SeenTask> = {}) =>
  Array.from({ length: number }, () => task(overrides));
const old = { deployment: 'old' };

describe('decide', () => {
  it('starts what is missing, beside the old ones', () => {
    expect(decide(wanted, tasks(3, old))).toEqual({
      start: ['new', 'new', 'new'],
      stop: [],
      isComplete: false,
      isFailed: false,
    });
  });

  it('starts no more than the maximum allows', () => {
    expect(decide({ ...wanted, maximumPercent: 134 }, tasks(3, old)).start).toEqual(['new']);
  });

  it('stops no old task before a new one is healthy', () => {
    const all = [...tasks(3, old), ...tasks(3, { health: 'UNKNOWN' })];
    expect(decide(wanted, all)).toMatchObject({ start: [], stop: [], isComplete: false });
  });

  it('stops as many old tasks as there are healthy new ones, those that are oldest', () => {
    const before = tasks(3, old);
    const all = [...before, ...tasks(2), task({ health: 'UNKNOWN' })];
    expect(new Set(decide(wanted, all).stop)).toEqual(new Set(before.slice(0, 2).map(({ id }) => id)));
  });

  it('goes below the number wanted only as far as the minimum allows', () => {
    const before = tasks(4, old);
    expect(decide({ ...wanted, desired: 4, minimumHealthyPercent: 50 }, before).stop).toHaveLength(2);
  });

  it('is not complete while a load balancer still lets go of an old task, and is once that is done', () => {
    const ours = tasks(3);
    expect(decide(wanted, [...ours, task({ ...old, state: 'DEACTIVATING' })]).isComplete).toBe(false);
    expect(decide(wanted, [...ours, task({ ...old, state: 'STOPPING' })]).isComplete).toBe(true);
  });

  it('is complete once only', () => {
    expect(decide({ ...wanted, isInProgress: false }, tasks(3)).isComplete).toBe(false);
  });

  it('replaces what is unhealthy, and what is on its way out', () => {
    const bad = task({ health: 'UNHEALTHY' });
    expect(decide(wanted, [bad, task({ state: 'DEACTIVATING' }), ...tasks(1)])).toMatchObject({
      start: ['new', 'new'],
      stop: [bad.id],
      isComplete: false,
    });
  });

  it('replaces an old task that is lost by one of its own revision, for as long as it is needed', () => {
    const during = { ...wanted, previous: { id: 'old', desired: 3 } };
    const starting = tasks(3, { health: 'UNKNOWN' });
    expect(decide(during, [...tasks(2, old), ...starting]).start).toEqual(['old']);
    const sick = task({ ...old, health: 'UNHEALTHY' });
    expect(decide({ ...during, maximumPercent: 300 }, [...tasks(2, old), sick, ...starting])).toMatchObject({
      start: ['old'],
      stop: [sick.id],
    });
    expect(decide(during, [...tasks(2, old), ...tasks(1), ...starting.slice(1)]).start).toEqual([]);
  });

  it('starts no more of what served before than there was', () => {
    expect(decide({ ...wanted, previous: { id: 'old', desired: 0 } }, []).start).toEqual([
      'new',
      'new',
      'new',
    ]);
  });

  it('scales in', () => {
    const all = tasks(3);
    expect(decide({ ...wanted, desired: 1 }, all).stop).toEqual([all[1]?.id, all[2]?.id]);
  });

  it('stops everything when nothing is wanted', () => {
    const all = tasks(2);
    expect(decide({ ...wanted, desired: 0 }, all)).toMatchObject({
      start: [],
      stop: all.map(({ id }) => id),
    });
  });

  it('rolls a rollout back at the threshold, and not one task before', () => {
    expect(decide({ ...wanted, failed: 2 }, tasks(3, old)).isFailed).toBe(false);
    expect(decide({ ...wanted, failed: 3 }, tasks(3, old))).toMatchObject({
      isFailed: true,
      start: [],
      stop: [],
    });
  });

  it('goes on trying without a circuit breaker', () => {
    expect(decide({ ...wanted, failed: 99, failureThreshold: undefined }, [])).toMatchObject({
      start: ['new', 'new', 'new'],
      isFailed: false,
    });
  });

  it('does not roll back a rollout that is over', () => {
    expect(decide({ ...wanted, isInProgress: false, failed: 3 }, tasks(3)).isFailed).toBe(false);
  });
});
