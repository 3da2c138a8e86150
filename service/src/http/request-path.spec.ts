import { describe, expect, it } from '@jest/globals';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { requestPath, routableUrl } from './request-path.ts';

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
    ['', '*'],
  ])('of %s is %s', (url, path) => {
    expect(requestPath(requestFor(url))).toBe(path);
  });
});

describe('routableUrl', () => {
  it.each(['/', '/connect', '/version?a=%', '/a%20b', 'http://host/version'])('keeps %s', (url) => {
    expect(routableUrl(requestFor(url))).toBe(url);
  });

  it.each(['/%', '/%c0%af', '/%E0%A4%A', '*', '*connect', 'connect', 'http://[', ''])(
    'leads %j nowhere',
    (url) => expect(routableUrl(requestFor(url))).toBe('/%25'),
  );
});
