import * as fc from 'fast-check';

/** What a client with bad manners or intentions sends on one connection. */
export interface HostileRequest {
  bytes: Buffer;
  /** How many answers the client is owed: one for each proper request before the first improper byte. */
  owed: number;
  /** Whether the client breaks the connection off as soon as everything is sent. */
  resets: boolean;
}

/** Everything is text in latin1, a character a byte. */
type Text = fc.Arbitrary<string>;
type Hostility = { text: string; owed: number };

const one = (...texts: string[]): Text => fc.constantFrom(...texts);
const bytes = (maxLength: number, minLength = 1): Text =>
  fc.uint8Array({ minLength, maxLength, size: 'max' }).map((array) => Buffer.from(array).toString('latin1'));
const repeated = (text: string, most: number): Text =>
  fc.integer({ min: 1, max: most }).map((times) => text.repeat(times));
const message = (start: string, headers = '', body = '') => `${start} HTTP/1.1\r\n${headers}\r\n${body}`;
const request = (start: string, headers = '', body = '') => message(start, `Host: x\r\n${headers}`, body);
const get = (path: string, headers = '', body = '') => request(`GET ${path}`, headers, body);
const withBody = (start: string, body: string, headers = '') =>
  request(start, `${headers}Content-Length: ${body.length}\r\n`, body);

/** One proper request each: answered or refused, but never in silence. */
const PROPER: Text[] = [
  // Paths
  repeated('../', 50).map((climb) => get(`/${climb}etc/passwd`)),
  repeated('..%2f', 50).map((climb) => get(`/${climb}etc%2fpasswd`)),
  repeated('..%5c', 20).map((climb) => get(`/docs/${climb}package.json`)),
  repeated('%2e%2e/', 20).map((climb) => get(`/docs/${climb}package.json`)),
  one('/docs/../version', '/docs/./version', '/version/..', '/.', '/..', '/docs/.%2e/version').map((path) =>
    get(path),
  ),
  one('/health/%6Cive', '/hea%6Cth/ready', '/v%65rsion', '/%63onnect', '/%76%65RSION', '/doc%73').map(
    (path) => get(path),
  ),
  one(
    '/%00',
    '/%',
    '/%zz',
    '/%c3',
    '/%ff%fe',
    '/?a=%',
    '/?',
    '/#',
    '/version/',
    '//',
    '/VERSION',
    '/;a=b',
  ).map((path) => get(path)),
  one(
    `/connect?id=1'%20OR%20'1'='1;%20DROP%20TABLE%20users;--`,
    '/__proto__/constructor/prototype?__proto__[a]=1',
    '//other.example/',
  ).map((path) => get(path)),
  fc.webPath().map((path) => get(`/${path}`)),
  // Absolute URLs, as a proxy gets them
  one(
    'http://user:password@other.example/connect',
    'http://other.example',
    'http://other.example?a=b',
    'HTTPS://other.example:443/v%65rsion',
    'http://other.example/docs/../version',
    'http://other.example/%',
  ).map((url) => get(url)),
  // Headers
  one('X-Request-Id: {"level":"fatal"}\r\nX-Request-Id: b\r\n', 'X-Request-Id: a"b\r\n').map((headers) =>
    get('/', headers),
  ),
  repeated('1.2.3.4, ', 500).map((hops) => get('/', `X-Forwarded-For: ${hops}::::, a"b\r\n`)),
  one(
    'Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n',
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n',
    'traceparent: 00-00000000000000000000000000000000-0000000000000000-00\r\n',
    'Range: bytes=9-1,-,a-b\r\n',
    'If-None-Match: *\r\n',
    'Accept-Encoding: gzip;q=nan\r\n',
    'Host: y\r\n',
    'Expect: x\r\n',
    'Expect: 100-continue\r\n',
  ).map((headers) => get('/', headers)),
  one('/', '/connect', '/nope').map((path) => message(`GET ${path}`)),
  // Methods and bodies: written whole before the answer is read
  fc
    .record({
      method: one('POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH', 'QUERY'),
      body: repeated('{"a":', 3000),
    })
    .map(({ method, body }) => withBody(`${method} /`, body)),
  fc
    .record({
      start: one('GET /', 'POST /nope', 'POST /connect'),
      length: fc.integer({ min: 1, max: 4_000_000 }),
    })
    .map(({ start, length }) => withBody(start, 'a'.repeat(length))),
  fc
    .record({ expectation: one('x', '100-continue'), body: repeated('a', 100_000) })
    .map(({ expectation, body }) => withBody('POST /', body, `Expect: ${expectation}\r\n`)),
  repeated('400\r\n'.padEnd(5 + 1024, 'a') + '\r\n', 300).map((chunks) =>
    request('PUT /', 'Transfer-Encoding: chunked\r\n', `${chunks}0\r\n\r\n`),
  ),
  one('CONNECT other.example:443', 'CONNECT [::1]:5432').map((start) => request(start)),
];

/** No HTTP any more, at the beginning or later. */
const IMPROPER: Text[] = [
  bytes(2000),
  bytes(40).map((path) => get(`/${path}`)),
  bytes(2, 2).map((escape) => get(`/%${escape}`)),
  bytes(200).map((value) => get('/', `A: ${value}\r\n`)),
  bytes(20).map((name) => get('/', `${name}: a\r\n`)),
  repeated('a', 40_000).map((value) => get('/', `A: ${value}\r\n`)),
  repeated('A: b\r\n', 4000).map((headers) => get('/', headers)),
  repeated('a', 40_000).map((path) => get(`/${path}`)),
  one('*', 'http://[::1', 'http://', 'nope', '').map((path) => get(path)),
  one(
    'Content-Length: 5\r\nContent-Length: 6\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 99999999999999999999\r\n',
    'Content-Length: 1000\r\n',
    'Transfer-Encoding: xchunked\r\n',
    'Expect: 100-continue\r\nContent-Length: 10\r\n',
    ' folded: a\r\n\tb\r\n',
    'no colon\r\n',
  ).map((headers) => get('/', headers, 'hello')),
  one('POST', 'GET').map((method) =>
    request(
      `${method} /`,
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      `0\r\n\r\n${get('/version')}`,
    ),
  ),
  bytes(20).map((chunk) => get('/', 'Transfer-Encoding: chunked\r\n', `${chunk}\r\n`)),
  one(
    'GET / HTTP/1.1\nHost: x\n\n',
    'GET / HTTP/0.9\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'get / http/1.1\r\nhost: x\r\n\r\n',
    'GET  /  HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nA: b',
    'BREW / HTTP/1.1\r\nHost: x\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC\u0003\u0003',
    '\r\n\r\n',
  ),
];

const proper = fc.oneof(...PROPER);
const improper = fc.oneof(...IMPROPER);

const pipelined: fc.Arbitrary<Hostility> = fc
  .record({ first: one(get('/'), get('/nope'), get('/connect')), owed: fc.integer({ min: 1, max: 50 }) })
  .map(({ first, owed }) => ({ text: first.repeat(owed), owed }));

/** Something behind requests that are still being answered: its own answer must not get into theirs. */
const behindOthers: fc.Arbitrary<Hostility> = fc
  .tuple(pipelined, fc.oneof(improper, proper))
  .map(([{ text, owed }, behind]) => ({ text: text + behind, owed }));

/** A proper request with one place damaged: cut out, put in or written over. */
const damaged: Text = fc
  .tuple(proper, fc.nat(200), fc.nat(20), bytes(8, 0))
  .map(([text, from, length, put]) => text.slice(0, from) + put + text.slice(from + length));

const hostility: fc.Arbitrary<Hostility> = fc.oneof(
  { weight: 20, arbitrary: proper.map((text) => ({ text, owed: 1 })) },
  { weight: 10, arbitrary: improper.map((text) => ({ text, owed: 0 })) },
  { weight: 2, arbitrary: pipelined },
  { weight: 5, arbitrary: behindOthers },
  { weight: 5, arbitrary: damaged.map((text) => ({ text, owed: 0 })) },
);

/** What hostile clients send, a connection each. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc
  .tuple(hostility, fc.nat(9))
  .map(([{ text, owed }, luck]) => ({
    bytes: Buffer.from(text, 'latin1'),
    owed: luck === 0 ? 0 : owed,
    resets: luck === 0,
  }));
