import { beforeEach, describe, expect, it } from '@jest/globals';
import { requestContext } from '../http/request-context.ts';
import { NestLogger } from './nest-logger.ts';
import { rootLogger } from './root-logger.ts';

const secretive = () => Object.assign(new Error('refused'), { code: 'E1', password: 'hunter2' });

describe('NestLogger', () => {
  let lines: Record<string, unknown>[];
  let logger: NestLogger;
  beforeEach(() => {
    lines = [];
    const output = { write: (line: string) => void lines.push(JSON.parse(line)) };
    logger = new NestLogger(rootLogger({ LOG_LEVEL: 'trace', GIT_SHA: 'c0ffee' }, output));
  });

  const LOGGED = { type: 'Error', message: 'refused', code: 'E1', stack: expect.any(String) };

  it.each([
    ['a text', () => logger.log('hello', 'Place'), { level: 'info', msg: 'hello', context: 'Place' }],
    [
      'fields and a text',
      () => logger.warn({ port: 1 }, 'hello', 'Place'),
      { level: 'warn', port: 1, msg: 'hello' },
    ],
    ['an error', () => logger.error(secretive(), 'Place'), { level: 'error', err: LOGGED, context: 'Place' }],
    [
      'an error among fields',
      () => logger.fatal({ err: secretive() }, 'no', 'Place'),
      { level: 'fatal', err: LOGGED },
    ],
    [
      'one by another name',
      () => logger.debug({ reason: secretive() }, 'no', 'Place'),
      { level: 'debug', reason: LOGGED },
    ],
    [
      'a text and a stack, as Nest logs what it caught',
      () => logger.error('no', 'Error: no\n    at place', 'ExceptionsHandler'),
      { level: 'error', msg: 'no', stack: 'Error: no\n    at place', context: 'ExceptionsHandler' },
    ],
  ])('writes %s', (_kind, write, expected) => {
    write();
    expect(lines).toEqual([expect.objectContaining(expected)]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('writes in each line of a request which request it is', () => {
    requestContext.run({ requestId: 'r-1', traceId: 't-1' }, () => logger.log('inside', 'Place'));
    logger.log('outside', 'Place');
    expect(lines[0]).toMatchObject({ msg: 'inside', requestId: 'r-1', traceId: 't-1' });
    expect(lines[1]).not.toHaveProperty('requestId');
  });
});
