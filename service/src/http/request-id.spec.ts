import { describe, expect, it } from '@jest/globals';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { requestId } from './request-id.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idFor(given: string | undefined) {
  const request = new IncomingMessage(new Socket());
  request.headers = { 'x-request-id': given };
  return requestId(request);
}

describe('requestId', () => {
  it.each([
    'a',
    '5f0c8f4e-8a0e-4d4b-9d0c-2f6d1c3b7a90',
    'Root=1-67891233-abcdef012345678912345678',
    'x'.repeat(128),
  ])('keeps %s', (given) => expect(idFor(given)).toBe(given));

  it.each([undefined, '', 'a b', 'a\nb', '{"level":"fatal"}', '<script>', 'é', 'x'.repeat(129)])(
    'replaces %j',
    (given) => expect(idFor(given)).toMatch(UUID),
  );
});
