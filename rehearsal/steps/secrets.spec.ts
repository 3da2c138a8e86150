import { describe, expect, it } from '@jest/globals';
import { findSecrets } from './secrets.ts';

const SECRET = 'a"b<c/d?';

describe('findSecrets', () => {
  it.each([
    ['as it is', `password is ${SECRET}!`],
    ['in JSON', JSON.stringify({ message: SECRET })],
    ['in a URL', `postgres://user:${encodeURIComponent(SECRET)}@host`],
  ])('finds a secret %s', (_how, text) => {
    expect(
      findSecrets(
        [SECRET],
        [
          { name: 'log', text: 'nothing' },
          { name: 'other', text },
        ],
      ),
    ).toEqual(['other']);
  });

  it('finds nothing where there is nothing', () => {
    expect(findSecrets([SECRET], [{ name: 'log', text: 'a"b<c/d' }])).toEqual([]);
  });
});
