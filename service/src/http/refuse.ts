import type { IncomingMessage } from 'node:http';
import { problem, type Problem } from '../problem/problem.ts';
import { hasBody } from './request-body.ts';

const METHODS = new Set(['GET', 'HEAD']);

const BODY_NOT_ALLOWED = problem(413, 'BODY_NOT_ALLOWED', 'The API takes no request body.');
const NO_HOST = problem(400, 'BAD_REQUEST', 'An HTTP/1.1 request has to name its Host.');
const EXPECTATION_FAILED = problem(417, 'EXPECTATION_FAILED', 'The only expectation is 100-continue.');

/** Why a request is refused, and what the answer has to say besides. */
export interface Refusal {
  problem: Problem;
  headers?: Record<string, string>;
}

/** For every method but these, CONNECT too. */
export const METHOD_NOT_ALLOWED: Required<Refusal> = {
  problem: problem(405, 'METHOD_NOT_ALLOWED', 'Use GET or HEAD.'),
  headers: { Allow: [...METHODS].join(', ') },
};

/** The API only answers questions: what no route can want is refused before anything looks at it. */
export function refuse({ method = '', headers, httpVersion }: IncomingMessage): Refusal | undefined {
  if (headers.host === undefined && httpVersion === '1.1') {
    return { problem: NO_HOST };
  }
  if (!METHODS.has(method)) {
    return METHOD_NOT_ALLOWED;
  }
  if (hasBody(headers)) {
    return { problem: BODY_NOT_ALLOWED };
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return { problem: EXPECTATION_FAILED };
  }
  return undefined;
}
