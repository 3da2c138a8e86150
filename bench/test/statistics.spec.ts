import { describe, expect, it } from '@jest/globals';
import { median, percentile } from '../lib/statistics.ts';

describe('percentile', () => {
  it.each([
    [[7], 50, 7],
    [[3, 1, 2], 50, 2],
    [[4, 1, 3, 2], 50, 2],
    [[10, 9, 8], 100, 10],
    [[10, 9, 8], 1, 8],
    [Array.from({ length: 100 }, (_, index) => index + 1), 99, 99],
    [Array.from({ length: 1000 }, (_, index) => index + 1), 99, 990],
  ])('of %j at %i is %i', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('of nothing is an error', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});
