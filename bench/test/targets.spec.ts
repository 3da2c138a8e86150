import { describe, expect, it } from '@jest/globals';
import { medianRatio } from '../report/results.ts';
import { outcome } from '../report/targets.ts';

describe('medianRatio', () => {
  it('compares neighbouring rounds, so that one that was disturbed does not count', () => {
    expect(medianRatio([20, 40, 2000], [10, 20, 10])).toBe(2);
  });

  it('passes over a round that could not be measured', () => {
    expect(medianRatio([20, undefined, 30], [10, 10, 10])).toBe(2);
  });

  it('is not a number where nothing was measured', () => {
    expect(medianRatio([undefined], [10])).toBeNaN();
    expect(medianRatio([], [])).toBeNaN();
  });
});

describe('outcome', () => {
  const atLeast = { what: 'x', wanted: 1.35, moonshot: 1.5, isAtLeast: true };
  const atMost = { what: 'x', wanted: 2, isAtLeast: false };

  it.each([
    [atLeast, 1.34, '**missed**'],
    [atLeast, 1.35, 'met'],
    [atLeast, 1.5, 'met, and the moonshot'],
    [atLeast, Number.NaN, 'not measured'],
    [atMost, 2.1, '**missed**'],
    [atMost, 2, 'met'],
  ])('%j measured as %d is %s', (target, measured, expected) => {
    expect(outcome({ ...target, measured })).toBe(expected);
  });
});
