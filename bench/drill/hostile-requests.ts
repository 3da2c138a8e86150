/** Numbers from 0 up to 1 that are the same on every run (mulberry32), so that a finding can be found again. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

const get = (path: string, headers = '', body = '') =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`;
const below = (random: Random, limit: number) => Math.floor(random() * limit);
const repeat = (text: string, random: Random, limit: number) => text.repeat(1 + below(random, limit));
const bytes = (random: Random, length: number) =>
  Buffer.from(Array.from({ length }, () => below(random, 256))).toString('latin1');

/** One way each to be wrong or up to something: what goes over the wire, in latin1. */
const KINDS: ((random: Random) => string)[] = [
  (random) => bytes(random, 1 + below(random, 2000)),
  (random) => get(`/${bytes(random, 1 + below(random, 40))}`),
  (random) => get('/', `A: ${bytes(random, 1 + below(random, 200))}\r\n`),
  (random) => get('/', `${bytes(random, 1 + below(random, 20))}: a\r\n`),
  (random) => get('/', `A: ${repeat('a', random, 40_000)}\r\n`),
  (random) => get('/', repeat('A: b\r\n', random, 4000)),
  (random) => get(`/${repeat('a', random, 40_000)}`),
  (random) => get(`/${repeat('../', random, 50)}etc/passwd`),
  (random) => get(`/${repeat('..%2f', random, 50)}etc%2fpasswd`),
  (random) => get(`/docs/${repeat('..%5c', random, 20)}package.json`),
  (random) => get(`/docs/${repeat('%2e%2e/', random, 20)}package.json`),
  (random) => get(`/%${bytes(random, 2)}`),
  () => get('/%00'),
  () => get('/?a=%'),
  () => get(`/connect?id=1'%20OR%20'1'='1;%20DROP%20TABLE%20users;--`),
  () => get('/__proto__/constructor/prototype?__proto__[a]=1'),
  () => get('*'),
  () => get('http://user:password@other.example/connect'),
  () => get('http://[::1'),
  () => get('//other.example/'),
  () => get('/', 'X-Request-Id: {"level":"fatal"}\r\nX-Request-Id: b\r\n'),
  (random) => get('/', `X-Forwarded-For: ${repeat('1.2.3.4, ', random, 500)}::::, a"b\r\n`),
  () => get('/', 'Content-Length: 5\r\nContent-Length: 6\r\n', 'hello'),
  () =>
    get('/', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nGET /version HTTP/1.1\r\n\r\n'),
  () => get('/', 'Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'),
  (random) => get('/', 'Transfer-Encoding: chunked\r\n', `${bytes(random, 20)}\r\n`),
  () => get('/', 'Content-Length: -1\r\n'),
  () => get('/', 'Content-Length: 99999999999999999999\r\n'),
  () => get('/', 'Expect: 100-continue\r\nContent-Length: 10\r\n'),
  () => get('/', 'Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n'),
  () => get('/', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'),
  () => get('/', ' folded: a\r\n\tb\r\n'),
  () => get('/', 'no colon\r\n'),
  () => 'GET / HTTP/1.1\r\n\r\n',
  () => 'GET / HTTP/1.1\nHost: x\n\n',
  () => 'GET / HTTP/0.9\r\n\r\n',
  () => 'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
  () => 'get / http/1.1\r\nhost: x\r\n\r\n',
  () => 'GET  /  HTTP/1.1\r\nHost: x\r\n\r\n',
  () => 'GET / HTTP/1.1\r\nHost: x\r\nA: b',
  () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  () => 'CONNECT other.example:443 HTTP/1.1\r\nHost: other.example\r\n\r\n',
  () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC\u0003\u0003',
  (random) => {
    const methods = [
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'BREW',
      'M-SEARCH',
      'QUERY',
    ];
    const body = repeat('{"a":', random, 3000);
    return `${methods[below(random, methods.length)]} / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  },
  (random) => repeat(get('/'), random, 50),
  (random) => repeat(get('/nope'), random, 50),
];

/** As many hostile requests as are asked for, every kind among them. */
export function* hostileRequests(count: number, seed: number): Generator<Buffer> {
  const random = randomNumbers(seed);
  for (let index = 0; index < count; index += 1) {
    const kind = KINDS[index % KINDS.length] as (random: Random) => string;
    yield Buffer.from(kind(random), 'latin1');
  }
}
