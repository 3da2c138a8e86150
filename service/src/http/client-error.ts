import type { Duplex } from 'node:stream';
import { PROBLEM_MEDIA_TYPE, problem, type Problem } from '../problem/problem.ts';

/** What Node's HTTP parser refuses before there is a request, by the code of its error. */
const PROBLEMS: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: problem(431, 'HEADERS_TOO_LARGE', 'The request headers are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: problem(408, 'REQUEST_TIMEOUT', 'The request took too long to arrive.'),
};
const BAD_REQUEST = problem(400, 'BAD_REQUEST', 'This is not a valid HTTP request.');

/** What a connection whose bytes are no valid request gets to hear; undefined where nobody is left to hear it. */
export function refusalOf(error: NodeJS.ErrnoException, socket: Duplex): Problem | undefined {
  return socket.writable && error.code !== 'ECONNRESET'
    ? (PROBLEMS[error.code ?? ''] ?? BAD_REQUEST)
    : undefined;
}

/** Answers a connection whose bytes are no valid request, then closes it: Node's `clientError` event. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const answer = refusalOf(error, socket);
  if (answer === undefined) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(answer);
  socket.end(
    [
      `HTTP/1.1 ${answer.status} ${answer.title}`,
      'Connection: close',
      `Content-Type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
