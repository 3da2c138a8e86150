/** Whether a range of `engines.node` admits this version of Node. */
export function admits(range: string, version: string): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .trim()
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .split(/\s+/)
      .every((comparator) => holds(comparator, version)),
  );
}

function holds(comparator: string, version: string): boolean {
  const [, operator = '', numbers = ''] = /^([<>=^~]*)(.*)$/.exec(comparator) ?? [];
  const bound = numbers
    .split('.')
    .filter((number) => /^\d+$/.test(number))
    .map(Number);
  const actual = version.split('.').map(Number);
  const order = compare(actual, bound);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '^':
      return order >= 0 && actual[0] === bound[0];
    case '':
      return bound.every((number, index) => number === actual[index]);
    default:
      throw new Error(`nobody has taught this test what ${comparator} means`);
  }
}

function compare(actual: number[], bound: number[]): number {
  const at = actual.findIndex((number, index) => number !== (bound[index] ?? 0));
  return at === -1 ? 0 : (actual[at] as number) - (bound[at] ?? 0);
}
