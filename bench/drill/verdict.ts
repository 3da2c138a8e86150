import { TELLTALE } from '@slipway/test-helpers/http/telltale';
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

/** When the fault began and ended, on the clock of the requests. */
export interface Fault {
  from: number;
  to: number;
}

/** How a drill went. */
export interface Outcome {
  sent: number;
  /** Requests that the service did not answer. */
  failed: number;
  /** Requests that it answered with 5xx. */
  inError: number;
  /** Until when after the fault's end requests still went wrong; undefined where none did. Milliseconds. */
  recoveredAfter: number | undefined;
  /** The guarantees that were broken, a sentence each. */
  broken: string[];
}

/** Holds what was sent, and what the service wrote meanwhile, against what it guarantees. */
export function judge(
  sent: Sent[],
  { to }: Fault,
  guarantees: Guarantees,
  logs: string,
  secrets: string[],
): Outcome {
  const failed = sent.filter((one) => one.status === 0 || isBalancers(one));
  const inError = sent.filter((one) => isServerError(one.status) && !failed.includes(one));
  const bad = [...failed, ...inError];
  const late = bad.filter(({ sentAt }) => sentAt > to).map(({ sentAt }) => sentAt - to);
  const recoveredAfter = late.length > 0 ? Math.max(...late) : undefined;
  const slowest = Math.max(...sent.map(({ tookMs }) => tookMs));

  const broken: string[] = [];
  const hold = (isKept: boolean, what: string) => {
    if (!isKept) {
      broken.push(what);
    }
  };
  hold(sent.length > 0, 'nothing was sent');
  hold(guarantees.mayFail || failed.length === 0, `${failed.length} requests failed`);
  hold(
    guarantees.answers503 !== 'never' || inError.length === 0,
    `${inError.length} requests were answered in error: ${codesOf(inError)}`,
  );
  hold(guarantees.answers503 !== 'must' || inError.length > 0, 'the fault was not felt');
  hold(
    inError.every(({ status, isDocumented }) => status === 503 && isDocumented),
    'a 5xx was not the documented 503',
  );
  hold(
    inError.every(({ route }) => route === '/connect'),
    'a route that needs no database answered in error',
  );
  hold(
    slowest <= guarantees.boundMs,
    `an answer took ${Math.round(slowest)} ms, more than ${guarantees.boundMs}`,
  );
  hold(
    (recoveredAfter ?? 0) <= guarantees.recoveryMs,
    `${Math.round(recoveredAfter ?? 0)} ms after the fault's end requests still went wrong`,
  );
  hold(
    sent.every(({ status, body }) => status === 200 || !TELLTALE.test(body)),
    'an answer in error told too much',
  );
  hold(
    secrets.every((secret) => !logs.includes(secret)),
    'a secret is in the log',
  );
  return { sent: sent.length, failed: failed.length, inError: inError.length, recoveredAfter, broken };
}

function codesOf(sent: Sent[]): string {
  return [...new Set(sent.map(({ status, body }) => /"code":"(\w+)"/.exec(body)?.[1] ?? status))].join(', ');
}

function isServerError(status: number): boolean {
  return status >= 500;
}

/** Answers 502 to 504 without problem details are the balancer's own: the service's say what is wrong. */
function isBalancers({ status, isDocumented, body }: Sent): boolean {
  return status >= 502 && status <= 504 && !isDocumented && body.startsWith('<h1>');
}
