import { describe, expect, it } from '@jest/globals';
import { VARIABLES } from './parse-environment.ts';
import { unusedVariables } from './unused-variables.ts';

describe('unusedVariables', () => {
  it.each([
    [{ PORT: '8080' }, ['PORT (did you mean API_PORT?)']],
    [{ PORT: '8080', API_PORT: '80' }, ['PORT']],
    [{ PGUSER: 'a', PGHOST: 'b' }, ['PGHOST (did you mean DB_HOST?)', 'PGUSER (did you mean DB_USER?)']],
    [{ DB_PASWORD: 'hunter2', SHUTDOWN_DELAY: '1' }, ['DB_PASWORD', 'SHUTDOWN_DELAY']],
    [
      { DATABASE_URL: 'postgres://a:hunter2@b/c' },
      ['DATABASE_URL (did you mean DB_HOST, DB_PORT, DB_DATABASE, DB_USER and DB_PASSWORD?)'],
    ],
    [{ DB_NAME: '', PORT: undefined }, []],
    [{ PATH: '/bin', HOME: '/root', toString: 'x', PGOPTIONS: '-c x=y' }, []],
  ])('%j', (variables, expected) => {
    expect(unusedVariables(variables)).toEqual(expected);
  });

  it('names none of those that are read', () => {
    expect(VARIABLES).toContain('DB_HOST');
    expect(unusedVariables(Object.fromEntries([...VARIABLES].map((name) => [name, 'x'])))).toEqual([]);
  });
});
