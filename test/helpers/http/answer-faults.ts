import type { HostileRequest } from './hostile-requests.ts';
import type { RawAnswer } from './raw-request.ts';
import { TELLTALE } from './telltale.ts';

/** What is wrong with how a hostile request was answered, a sentence each. */
export function answerFaults({ owed }: HostileRequest, answers: RawAnswer[]): string[] {
  const faults = answers.flatMap(faultsOf);
  return answers.length < owed ? [`${owed} answers were owed, ${answers.length} came`, ...faults] : faults;
}

function faultsOf({ status, headers, body }: RawAnswer): string[] {
  if (/HTTP\/1\.1 \d/.test(body)) {
    return [`an answer is inside another: ${body}`];
  }
  if (status < 400) {
    return [];
  }
  const faults = status >= 500 ? [`answered ${status}: ${body}`] : [];
  if (TELLTALE.test(body)) {
    faults.push(`an answer tells too much: ${body}`);
  }
  if (!isProblem(status, headers, body)) {
    faults.push(`${status} is no problem document: ${body}`);
  }
  return faults;
}

function isProblem(status: number, headers: RawAnswer['headers'], body: string): boolean {
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8') {
    return false;
  }
  try {
    const problem = JSON.parse(body) as Record<string, unknown>;
    return (
      problem['type'] === 'about:blank' &&
      problem['status'] === status &&
      typeof problem['code'] === 'string' &&
      problem['requestId'] === headers['x-request-id']
    );
  } catch {
    return false;
  }
}
