import { describe, expect, it } from '@jest/globals';
import { place, type CapacityProvider } from './placement.ts';

const strategy: CapacityProvider[] = [
  { capacityProvider: 'FARGATE', base: 1, weight: 0 },
  { capacityProvider: 'FARGATE_SPOT', weight: 1 },
];

function placeMany(number: number, by: CapacityProvider[]): string[] {
  const placed: string[] = [];
  while (placed.length < number) {
    placed.push(place(by, placed));
  }
  return placed;
}

describe('place', () => {
  it('fills the base, then goes by weight', () => {
    expect(placeMany(3, strategy)).toEqual(['FARGATE', 'FARGATE_SPOT', 'FARGATE_SPOT']);
  });

  it('fills the base again when the task on it is gone', () => {
    expect(place(strategy, ['FARGATE_SPOT', 'FARGATE_SPOT'])).toBe('FARGATE');
  });

  it('shares by weight', () => {
    const shared = [
      { capacityProvider: 'FARGATE', weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
    ];
    expect(placeMany(8, shared).filter((name) => name === 'FARGATE_SPOT')).toHaveLength(6);
  });

  it('runs on demand without a strategy', () => {
    expect(place([], [])).toBe('FARGATE');
  });
});
