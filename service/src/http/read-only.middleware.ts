import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from '../problem/problem.exception.ts';

const METHODS = new Set(['GET', 'HEAD']);

/** The API only answers questions: other methods and request bodies are refused before anything looks at them. */
export function readOnly(request: Request, response: Response, next: NextFunction): void {
  const hasBody = hasRequestBody(request);
  if (hasBody) {
    // The body stays unread, so the connection cannot carry another request.
    response.setHeader('Connection', 'close');
  }
  if (!METHODS.has(request.method)) {
    response.setHeader('Allow', [...METHODS].join(', '));
    next(new ProblemException(405, 'METHOD_NOT_ALLOWED', 'Use GET or HEAD.'));
  } else if (hasBody) {
    next(new ProblemException(413, 'BODY_NOT_ALLOWED', 'The API takes no request body.'));
  } else {
    next();
  }
}

function hasRequestBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
