import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemException } from '../problem/problem.exception.ts';

const METHODS = new Set(['GET', 'HEAD']);

/** The API only answers questions: other methods and request bodies are refused before anything looks at them. */
export function readOnly(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  const hasBody = hasRequestBody(request.headers);
  if (hasBody) {
    // The body stays unread, so the connection cannot carry another request.
    void reply.header('Connection', 'close');
  }
  if (!METHODS.has(request.method)) {
    void reply.header('Allow', [...METHODS].join(', '));
    done(new ProblemException(405, 'METHOD_NOT_ALLOWED', 'Use GET or HEAD.'));
  } else if (hasBody) {
    done(new ProblemException(413, 'BODY_NOT_ALLOWED', 'The API takes no request body.'));
  } else {
    done();
  }
}

function hasRequestBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
