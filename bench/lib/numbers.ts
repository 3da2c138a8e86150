/** The value in the middle; of an even number of values, the lower of the two. Not a number where there is none. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length / 2) - 1] ?? Number.NaN;
}

/**
 * The median of what each pair of rounds says: both lie seconds apart, so that a busy machine strikes both. Not a number
 * where there is nothing to compare.
 */
export function medianRatio(ones: readonly number[], others: readonly number[]): number {
  const ratios = ones.map((one, index) => one / (others[index] ?? Number.NaN));
  return median(ratios.filter((ratio) => !Number.isNaN(ratio)));
}

/** A number as people read it: whole from 100 on, else with as many digits as help. */
export function number(value: number): string {
  if (Number.isNaN(value)) {
    return '–';
  }
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
