import { STATUS_CODES } from 'node:http';

/** RFC 9457 problem details, with the members that this API adds. */
export interface Problem {
  type: 'about:blank';
  /** The HTTP status phrase, as RFC 9457 asks of `about:blank`. */
  title: string;
  status: number;
  /** A sentence for people. Never a host, a user, a password, SQL or a stack. */
  detail: string;
  /** A stable name for programs. */
  code: string;
  /** The id under which the log holds this request. */
  requestId?: string;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}
