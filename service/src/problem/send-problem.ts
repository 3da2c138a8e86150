import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasBody } from '../http/request-body.ts';
import { requestContext } from '../http/request-context.ts';
import { PROBLEM_MEDIA_TYPE, type Problem } from './problem.ts';

/**
 * Answers a request with a problem. Where a body is still arriving, the answer goes out at once, but the connection
 * stays open until all of it has come: a client that writes everything before it reads would find the connection reset
 * and no answer. How long that takes is bounded as for any request: see adapter.ts.
 */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  const { req: request } = response;
  const text = JSON.stringify({ ...problem, requestId: requestContext.getStore()?.requestId });
  response.statusCode = problem.status;
  response.setHeader('Content-Type', `${PROBLEM_MEDIA_TYPE}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  if (!isArriving(request)) {
    response.end(text);
    return;
  }
  // The body is read by nobody, so the connection carries no other request.
  response.setHeader('Connection', 'close');
  response.write(text);
  response.flushHeaders();
  request.once('close', () => response.end());
  request.resume();
}

/** A client that expects to be invited sends nothing until it is. */
function isArriving({ complete, headers }: IncomingMessage): boolean {
  return !complete && hasBody(headers) && headers.expect === undefined;
}
