import { describe, expect, it } from '@jest/globals';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { requestPath, routablePath } from './request-path.ts';

const requestFor = (url: string) => Object.assign(new IncomingMessage(new Socket()), { url });

describe('requestPath', () => {
  it.each([
    ['/', '/'],
    ['/connect', '/connect'],
    ['/version?token=secret', '/version'],
    ['/?', '/'],
    ['//host/?a', '//host/'],
    ['/%', '/%'],
    ['http://user:secret@host/version?token=secret', '/version'],
    ['http://host', '/'],
    ['*', '*'],
    ['secret', '*'],
    ['secret:token', '*'],
    ['', '*'],
  ])('of %s is %s', (url, path) => {
    expect(requestPath(requestFor(url))).toBe(path);
  });
});

describe('routablePath', () => {
  it.each(['/', '/connect', '/a%20b', '/a/.b', '/..a', '//host/'])('keeps %s', (path) => {
    expect(routablePath(path)).toBe(path);
  });

  it.each([
    ['/hea%6Cth/live', '/health/live'],
    ['/%61%5f%7E%2d%2E%39', '/a_~-.9'],
    ['/a%2Fb', '/a%2Fb'],
  ])('spells %s as %s', (path, spelt) => {
    expect(routablePath(path)).toBe(spelt);
  });

  it.each([
    '/%',
    '/%c0%af',
    '/%E0%A4%A',
    '*',
    'connect',
    '',
    '/docs/../version',
    '/docs/%2e%2E/version',
    '/.',
    '/a/..',
  ])('leads %j nowhere', (path) => expect(routablePath(path)).toBe('/%25'));
});
