import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '@slipway/test-helpers/eventually';
import { NO_DATABASE } from './support/no-database.ts';
import { rawRequest } from '@slipway/test-helpers/http/raw-request';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

const expectProblem = (
  answer: { headers: Record<string, string>; body: string },
  status: number,
  code: string,
) => {
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(JSON.parse(answer.body)).toMatchObject({ type: 'about:blank', status, code });
  expect(answer).toMatchObject({ status });
};

describe('before any route', () => {
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await ServiceProcess.start(NO_DATABASE);
  });
  afterAll(() => service.stop());

  const ask = (line: string, headers = '', body = '') =>
    rawRequest(service, `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`);

  const connected = async () => {
    const socket = connect(Number(new URL(await service.url()).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  /** The one line in the log with the id that the problem names. */
  const expectLine = ({ body }: { body: string }, line: object) =>
    eventually(() => {
      const { requestId: told } = JSON.parse(body) as { requestId: string };
      const lines = service.log().filter(({ requestId }) => requestId === told);
      expect(lines).toEqual([expect.objectContaining(line)]);
    });

  it.each([
    ['/', "default-src 'none'"],
    ['/nope', "default-src 'none'"],
    ['/health/live', "default-src 'none'"],
    ['/docs', "default-src 'self'"],
  ])('%s names no framework and tells browsers to be careful: %s', async (route, policy) => {
    const { headers } = await ask(`GET ${route}`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.any(String),
      'content-security-policy': expect.stringContaining(policy),
      'x-request-id': expect.any(String),
    });
    for (const name of ['x-powered-by', 'server', 'via']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  it('computes no ETag for a static answer', async () => {
    expect((await ask('GET /')).headers).not.toHaveProperty('etag');
  });

  it.each([
    '/nope',
    '/version/',
    '/VERSION',
    '/docs/../version',
    '/connect/x',
    '/%',
    '/..%2f..%2fetc/passwd',
    '/health',
    '/docs-yaml',
    '/favicon.ico',
  ])('GET %s is a 404 problem', async (route) => expectProblem(await ask(`GET ${route}`), 404, 'NOT_FOUND'));

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s is a 405 problem',
    async (method) => {
      const answer = await ask(`${method} /`);
      expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers['allow']).toBe('GET, HEAD');
    },
  );

  it.each([
    ['with a length', 'Content-Length: 4\r\n', 'body'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n', '4\r\nbody\r\n0\r\n\r\n'],
  ])('a body %s is refused, and its connection closed', async (_kind, headers, body) => {
    const answer = await rawRequest(service, `GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`);
    expectProblem(answer, 413, 'BODY_NOT_ALLOWED');
    expect(answer.headers['connection']).toBe('close');
  });

  it('a body that never comes is refused before it comes', async () => {
    const socket = await connected();
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n');
    const [answer] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*"code":"METHOD_NOT_ALLOWED"/);
    socket.destroy();
  });

  it.each([1, 100_000, 50_000_000])(
    'a client that writes all of %i bytes before it reads finds its answer',
    async (length) => {
      const socket = await connected();
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
      await new Promise((resolve, reject) => {
        socket.once('error', reject).end(Buffer.alloc(length), () => resolve(undefined));
      });
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 405 [^]*"code":"METHOD_NOT_ALLOWED"[^]*\}$/);
    },
  );

  it('does not invite a body that it would refuse', async () => {
    const answer = await ask('GET /', 'Expect: 100-continue\r\nContent-Length: 4\r\n');
    expectProblem(answer, 413, 'BODY_NOT_ALLOWED');
  });

  it.each([
    [
      'an expectation that nobody knows',
      'GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\n',
      417,
      'EXPECTATION_FAILED',
    ],
    ['HTTP/1.1 without a Host', 'GET / HTTP/1.1\r\n', 400, 'BAD_REQUEST'],
  ])('%s is a problem and a line in the log', async (_kind, head, status, code) => {
    const answer = await rawRequest(service, `${head}Connection: close\r\n\r\n`);
    expectProblem(answer, status, code);
    await expectLine(answer, { method: 'GET', path: '/', status });
  });

  it('refuses what comes behind an answer after that answer, not inside it', async () => {
    const asset = '/docs/swagger-ui-bundle.js';
    const { length } = await (await service.get(asset)).text();
    const answer = await rawRequest(service, `GET ${asset} HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n`);
    expect(answer.status).toBe(200);
    const next = answer.body.slice(Number(answer.headers['content-length']));
    expect(Number(answer.headers['content-length'])).toBeGreaterThanOrEqual(length);
    expect(next).toMatch(/^HTTP\/1\.1 400 [^]*"code":"BAD_REQUEST"[^]*\}$/);
  });

  it.each([
    ['no HTTP at all', 'GARBAGE\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a tunnel', 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'two lengths',
      'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    [
      'a length and chunks',
      'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'endless headers',
      `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
  ])('%s is a problem too, and logged', async (_kind, bytes, status, code) => {
    const answer = await rawRequest(service, bytes);
    expectProblem(answer, status, code);
    await expectLine(answer, { status, msg: 'invalid HTTP request' });
  });

  it('keeps a well-formed request id and replaces any other', async () => {
    expect((await ask('GET /', 'X-Request-Id: abc-123\r\n')).headers['x-request-id']).toBe('abc-123');
    expect((await ask('GET /', 'X-Request-Id: a"b\r\n')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const twice = await ask('GET /', 'X-Request-Id: a\r\nX-Request-Id: b\r\n');
    expect(twice.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps idle connections for longer than a load balancer does', async () => {
    const answer = await service.get('/');
    const seconds = /timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1];
    expect(Number(seconds)).toBeGreaterThan(60);
  });

  it('logs who asked, behind proxies that it can trust', async () => {
    await ask('GET /', 'X-Request-Id: behind\r\nX-Forwarded-For: 1.2.3.4, 203.0.113.9, 130.176.1.1\r\n');
    await eventually(() => {
      expect(service.log().find(({ requestId }) => requestId === 'behind')).toMatchObject({
        client: '203.0.113.9',
      });
    });
  });

  it('is still well after all that', async () => {
    expect((await service.get('/')).status).toBe(200);
    expect(service.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
