/** The value in the middle; of an even number of values, the lower of the two. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * The smallest value that at least this share of the values does not exceed (the nearest rank).
 *
 * @param share in percent, above 0 and at most 100
 */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) {
    throw new RangeError('there is no percentile of nothing');
  }
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] as number;
}
