import { describe, expect, it } from '@jest/globals';
import { serializeError } from './serialize-error.ts';

describe('serializeError', () => {
  it('keeps what names the fault and drops whatever else hangs on the error', () => {
    const cause = Object.assign(new Error('refused'), {
      code: 'ECONNREFUSED',
      password: 'secret',
      query: 'SELECT 1',
    });
    expect(serializeError(new Error('no database', { cause }))).toEqual({
      type: 'Error',
      message: 'no database',
      cause: { type: 'Error', message: 'refused', code: 'ECONNREFUSED', stack: cause.stack },
    });
  });

  it('copes with what is not an error', () => {
    expect(serializeError('boom')).toEqual({ type: 'string', message: 'boom' });
  });
});
