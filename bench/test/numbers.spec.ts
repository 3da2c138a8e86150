import { describe, expect, it } from '@jest/globals';
import { medianRatio, number } from '../lib/numbers.ts';

describe('medianRatio', () => {
  it.each([
    ['compares neighbouring rounds, so that one that was disturbed does not count', [20, 40, 2000], 2],
    ['passes over a round that could not be measured', [20, NaN, 30], 2],
    ['is not a number where nothing was measured', [NaN, NaN, NaN], NaN],
  ])('%s', (_, rounds, ratio) => expect(medianRatio(rounds, [10, 20, 10])).toBe(ratio));
});

describe('number', () => {
  it.each([
    [NaN, '–'],
    [0.123, '0.12'],
    [12.34, '12.3'],
    [12_345.6, '12,346'],
  ])('%d reads %s', (value, text) => expect(number(value)).toBe(text));
});
