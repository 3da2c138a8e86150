import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { DrainingService } from '../lifecycle/draining.service.ts';
import { PROBLEM_MEDIA_TYPE, problem, type Problem } from '../problem/problem.ts';
import { METHOD_NOT_ALLOWED } from './refuse.ts';

/** What Node's HTTP parser refuses before there is a request, by the code of its error. */
const PROBLEMS: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: problem(431, 'HEADERS_TOO_LARGE', 'The request headers are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: problem(408, 'REQUEST_TIMEOUT', 'The request took too long to arrive.'),
};
const INVALID = problem(400, 'BAD_REQUEST', 'This is not a valid HTTP request.');
/** As long as any request may take. */
const TUNNEL_TIMEOUT_MS = 10_000;

/**
 * Answers what never becomes a request: each with a problem and one line in the log, and never inside another answer on
 * the same connection.
 */
export function refuseConnections(server: Server, logger: Logger, draining: DrainingService): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const answer = PROBLEMS[error.code ?? ''] ?? INVALID;
    const inFlight = draining.inFlightOn(socket);
    if (inFlight.at(-1)?.req.complete !== false) {
      afterwards(inFlight.at(-1), () => refuse(socket, answer));
    } else {
      // The last request is the one that is wrong: its body is. Those before it are well.
      log(socket, answer.status, randomUUID());
      afterwards(inFlight.at(-2), () => socket.destroy());
    }
  });
  // With a listener of ours, Node does not invite the client to send the body that we would refuse.
  for (const event of ['checkContinue', 'checkExpectation'] as const) {
    server.on(event, (request, response) => server.emit('request', request, response));
  }
  // Without one, Node closes the connection and says nothing. With one, it lets go of the connection: no error of it is
  // caught any more, nothing that comes is read, and nothing bounds it.
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => {}).resume();
    const bound = setTimeout(() => socket.destroy(), TUNNEL_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(bound));
    afterwards(draining.inFlightOn(socket).at(-1), () =>
      refuse(socket, METHOD_NOT_ALLOWED.problem, METHOD_NOT_ALLOWED.headers),
    );
  });

  function refuse(socket: Duplex, answer: Problem, headers: Record<string, string> = {}): void {
    if (!socket.writable) {
      return;
    }
    const requestId = randomUUID();
    log(socket, answer.status, requestId);
    const body = JSON.stringify({ ...answer, requestId });
    socket.end(
      [
        `HTTP/1.1 ${answer.status} ${answer.title}`,
        'Connection: close',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        'Cache-Control: no-store',
        `Content-Type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${requestId}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  function log(socket: Duplex, status: number, requestId: string): void {
    logger.info({ requestId, status, client: (socket as Socket).remoteAddress }, 'invalid HTTP request');
  }
}

/** Valid requests are answered first, in their order. */
function afterwards(last: ServerResponse | undefined, act: () => void): void {
  if (last === undefined) {
    act();
  } else {
    last.once('close', act);
  }
}
