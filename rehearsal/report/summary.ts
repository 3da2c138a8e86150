import type { Cost } from '../stage/stage.ts';
import { hasFailed, type Result } from './result.ts';

/** The end of a rehearsal on a terminal. @param report where the HTML report lies */
export function summary(result: Result, report: string | undefined): string {
  const { requests, killed, erring } = result;
  const rows = result.steps.map(({ title, seconds, status, detail }) => [
    status === 'done' ? 'done' : status,
    status === 'not reached' ? '–' : `${seconds.toFixed(1)} s`,
    detail === '' ? title : `${title}\n${' '.repeat(25)}${detail.replaceAll('\n', `\n${' '.repeat(25)}`)}`,
  ]);
  const table = rows.map(([status = '', seconds = '', title = '']) =>
    `${status.padEnd(12)} ${seconds.padStart(9)}   ${title}`.trimEnd(),
  );
  const lines = [
    `The environment ${result.environment}, ${Math.round(result.seconds)} s in all`,
    '',
    ...table,
    '',
    `Requests sent              ${requests.sent}`,
    `Requests failed            ${requests.failed}`,
    ...(requests.lookedUpAgain > 0 ? [`Addresses looked up again  ${requests.lookedUpAgain}`] : []),
    `From push to rollout       ${result.secondsFromPushToRollout ?? '–'} s`,
    `Cost of one SIGKILL        ${shown(killed)}`,
    `Cost of a bad release      ${shown(erring)}`,
    ...(report === undefined ? [] : [`Report                     ${report}`]),
    '',
    hasFailed(result) ? 'Something did not hold.' : 'Everything held.',
  ];
  return lines.join('\n');
}

function shown(cost: Cost | undefined): string {
  return cost ? `${cost.failed} of ${cost.sent} requests, ${cost.seconds} s` : '–';
}

/** The result as one line for programs. */
export function jsonLine(result: Result, report: string | undefined): string {
  const { environment, steps, requests, killed, erring, secondsFromPushToRollout, seconds } = result;
  return JSON.stringify({
    environment,
    seconds,
    steps,
    requests,
    killed,
    erring,
    secondsFromPushToRollout,
    report,
  });
}
