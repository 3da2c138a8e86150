import { describe, expect, it } from '@jest/globals';
import { DatabaseError as ServerError } from 'pg';
import { QueryError } from './query.error.ts';

const refused = (code: string, message: string) =>
  Object.assign(new ServerError(message, message.length, 'error'), { code });

describe('QueryError.from', () => {
  it.each([
    ['42P01', 'relation "nowhere" does not exist', 'a query failed: relation "nowhere" does not exist'],
    [
      '22P02',
      'invalid input syntax for type integer: "a "secret""',
      'a query failed: invalid input syntax for type integer: "…"',
    ],
    ['42601', 'syntax error at or near "SECRET"', 'a query failed: syntax error at or near "…"'],
  ])('%s keeps the code, and of "%s" what is not input', (code, message, expected) => {
    expect(QueryError.from(refused(code, message))).toMatchObject({
      code,
      message: expected,
      cause: undefined,
    });
  });

  it('keeps what is not of the server as its cause', () => {
    const cause = new TypeError('no');
    expect(QueryError.from(cause)).toMatchObject({ code: undefined, cause });
  });
});
