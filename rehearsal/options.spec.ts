import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.ts';

describe('readOptions', () => {
  it('rehearses the first environment, and leaves nothing up', () => {
    expect(readOptions([])).toEqual({ environment: 'development', keep: false, json: false });
  });

  it('applies no environment when it shall be quick', () => {
    expect(readOptions(['--quick'])).toEqual({ environment: undefined, keep: false, json: false });
  });

  it('reads what it is told', () => {
    expect(readOptions(['--environment', 'production', '--keep', '--json'])).toEqual({
      environment: 'production',
      keep: true,
      json: true,
    });
  });

  it.each([
    [['--environment', 'staging'], /no environment staging: iac\/environments has development, production/],
    [['--environment', '../../etc'], /no environment/],
    [['--quick', '--environment', 'production'], /--quick applies no environment/],
    [['--speed', '9'], /Unknown option '--speed'/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
