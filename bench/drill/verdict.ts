import { TELLTALE } from '@slipway/test-helpers/http/telltale';
import type { Seen } from './drill.ts';
import type { Sent } from './steady-load.ts';

/** What is held against a drill, besides what it finds itself. */
export interface Guarantees {
  /** Whether requests may stay without an answer, or get the balancer's 502, as when a process is killed. */
  mayFail: boolean;
  /** Whether `GET /connect` may answer 503; `must` where a fault that is not felt would prove nothing. */
  answers503: 'never' | 'may' | 'must';
  /** The longest that an answer may take, in milliseconds. */
  boundMs: number;
  /** By when everything has to be well again after the fault's end, in milliseconds. */
  recoveryMs: number;
}

/** How long the services of the drills wait for a connection, and for an answer of the database. */
export const DATABASE_BOUND_MS = 1000;

/** What holds where a drill says nothing else. */
export const GUARANTEES: Guarantees = {
  mayFail: false,
  answers503: 'never',
  // The two bounds of the service's that add up, and a second in which this machine does something else.
  boundMs: 2 * DATABASE_BOUND_MS + 1000,
  recoveryMs: 2000,
};

/** What holds of time in a quick run: that there is an end. How soon is for a machine with nothing else to do. */
export const PATIENT: Pick<Guarantees, 'boundMs' | 'recoveryMs'> = { boundMs: 60_000, recoveryMs: 60_000 };

/** How a drill went. */
export interface Outcome {
  sent: number;
  /** Requests that the service did not answer. */
  failed: number;
  /** Requests that it answered with 5xx. */
  inError: number;
  /** Until when after the fault's end requests still went wrong; 0 where none did. Milliseconds. */
  recoveredAfter: number;
  /** The guarantees that were broken, a sentence each. */
  broken: string[];
}

/** Holds what was sent, and what the service wrote meanwhile, against what it guarantees. */
export function judge(
  { sent, endedAt }: Seen,
  { mayFail, answers503, boundMs, recoveryMs }: Guarantees,
  logs: string,
  secrets: string[],
): Outcome {
  const failed = sent.filter((one) => one.status === 0 || isBalancers(one));
  const inError = sent.filter((one) => one.status >= 500 && !failed.includes(one));
  const codes = new Set(inError.map(({ status, body }) => /"code":"(\w+)"/.exec(body)?.[1] ?? status));
  const slowest = Math.round(Math.max(...sent.map(({ tookMs }) => tookMs)));
  const recoveredAfter = Math.max(0, ...[...failed, ...inError].map(({ sentAt }) => sentAt - endedAt));
  const isKept = {
    'nothing was sent': sent.length > 0,
    [`${failed.length} requests failed`]: mayFail || failed.length === 0,
    [`${inError.length} requests were answered in error: ${[...codes].join(', ')}`]:
      answers503 !== 'never' || inError.length === 0,
    'the fault was not felt': answers503 !== 'must' || inError.length > 0,
    'a 5xx was not the documented 503': inError.every(
      ({ status, isDocumented }) => status === 503 && isDocumented,
    ),
    'a route that needs no database answered in error': inError.every(({ route }) => route === '/connect'),
    [`an answer took ${slowest} ms, more than ${boundMs}`]: slowest <= boundMs,
    [`${Math.round(recoveredAfter)} ms after the fault's end requests still went wrong`]:
      recoveredAfter <= recoveryMs,
    'an answer in error told too much': sent.every(
      ({ status, body }) => status === 200 || !TELLTALE.test(body),
    ),
    'a secret is in the log': secrets.every((secret) => !logs.includes(secret)),
  };
  const broken = Object.entries(isKept).flatMap(([what, kept]) => (kept ? [] : [what]));
  return { sent: sent.length, failed: failed.length, inError: inError.length, recoveredAfter, broken };
}

/** Answers 502 to 504 without problem details are the balancer's own: the service's say what is wrong. */
function isBalancers({ status, isDocumented, body }: Sent): boolean {
  return status >= 502 && status <= 504 && !isDocumented && body.startsWith('<h1>');
}
