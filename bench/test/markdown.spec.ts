import { describe, expect, it } from '@jest/globals';
import { number, table } from '../lib/markdown.ts';

describe('table', () => {
  it('keeps numbers to the right and words to the left', () => {
    expect(
      table(
        ['server', 'requests/s'],
        [
          ['a', '12'],
          ['longer', '3,456'],
        ],
      ),
    ).toBe(
      [
        '| server | requests/s |',
        '| ------ | ---------: |',
        '| a      |         12 |',
        '| longer |      3,456 |',
      ].join('\n'),
    );
  });

  it('lets no cell end its column or its row', () => {
    expect(table(['a'], [['x | y\nz']])).toContain('x \\| y z');
  });

  it('fills up a row that is short', () => {
    expect(table(['a', 'b'], [['x']]).split('\n')[2]).toBe('| x   |     |');
  });
});

describe('number', () => {
  it.each([
    [0.123, '0.12'],
    [1.005, '1.01'],
    [12.34, '12.3'],
    [123.4, '123'],
    [12_345.6, '12,346'],
  ])('%d reads %s', (value, text) => expect(number(value)).toBe(text));
});
