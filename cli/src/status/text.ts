import { type Cell, moment, paint, table } from '../print.ts';
import { inFlight, type Outcome, type Rollout, type Status } from './model.ts';

const LOOKS: Record<Outcome, (text: string) => string> = {
  completed: paint.good,
  'rolled-back': paint.bad,
  'release-command-failed': paint.bad,
  superseded: paint.quiet,
  'in-flight': paint.doubtful,
};

/** As many outcomes are shown where nobody asks for the history. */
const LAST = 3;

/** What runs where: a line an environment, and under it what is in flight and how the last rollouts ended. */
export function statusText(statuses: Status[]): string {
  const lines = table(statuses.map(runningRow)).split('\n');
  return statuses
    .map((status, index) => {
      const coming = inFlight(status);
      const last = status.rollouts.filter((one) => one !== coming).slice(0, LAST);
      return [
        lines[index],
        ...(coming
          ? [`  in flight  ${short(coming.commit)}  since ${moment(coming.beganAt)}: ${coming.reason}`]
          : []),
        ...indented(table(last.map((one) => ['ended', ...endCells(one)]))),
      ].join('\n');
    })
    .join('\n');
}

/** The rollouts of each environment, newest first. */
export function historyText(statuses: Status[]): string {
  return statuses
    .map(({ environment, rollouts }) =>
      [
        paint.strong(environment),
        ...(rollouts.length > 0 ? indented(table(rollouts.map(historyRow))) : ['  nothing was released yet']),
      ].join('\n'),
    )
    .join('\n');
}

/** What changed, for a line of `--watch`. */
export function changeText({ environment }: Status, { commit, outcome, reason }: Rollout): string {
  const end = outcome === 'in-flight' ? reason : [outcome, reason].filter(Boolean).join(': ');
  return `${new Date().toISOString().slice(11, 19)}  ${environment}  ${short(commit)}  ${LOOKS[outcome](end)}`;
}

export function short(commit: string): string {
  return commit.slice(0, 12);
}

function runningRow({ environment, running, tasks, paused }: Status): Cell[] {
  const name = { text: environment, as: paint.strong };
  if (!running) return [name, { text: 'nothing was released yet', as: paint.quiet }];
  return [
    name,
    short(running.commit),
    running.since ? `since ${moment(running.since)}` : '',
    running.why,
    `template ${running.template.slice(running.template.lastIndexOf(':') + 1)}`,
    `${tasks.running} of ${tasks.desired} tasks${paused ? ', paused' : ''}`,
  ];
}

function historyRow(one: Rollout): Cell[] {
  return [String(one.release), moment(one.beganAt), ...endCells(one)];
}

function endCells(one: Rollout): Cell[] {
  const { commit, why, outcome, endedAt, reason } = one;
  return [
    short(commit),
    why,
    { text: outcome, as: LOOKS[outcome] },
    endedAt ? moment(endedAt) : '',
    outcome === 'completed' ? '' : reason,
  ];
}

function indented(text: string): string[] {
  return text === '' ? [] : text.split('\n').map((line) => `  ${line}`);
}
