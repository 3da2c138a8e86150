import { number, table } from '../lib/markdown.ts';
import { EXPRESS, PROGRAMS, SAME_DUTIES } from '../programs.ts';
import { find, timesRequests, timesStart, timesWork, type Results } from './results.ts';
import { outcome, targets } from './targets.ts';

const MB = 1_000_000;

const orDash = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? '–' : number(value);

/** Whether each target is met. */
export function targetTable(results: Results): string {
  return table(
    ['target', 'wanted', 'moonshot', 'measured', ''],
    targets(results).map((target) => [
      target.what,
      `${target.isAtLeast ? 'at least' : 'at most'} ${target.wanted}`,
      orDash(target.moonshot),
      orDash(target.measured),
      outcome(target),
    ]),
  );
}

/** All programs at one route. */
export function routeTable(results: Results, route: string): string {
  const duties = find(results, SAME_DUTIES.name, route);
  const express = find(results, EXPRESS.name, route);
  const rows = PROGRAMS.flatMap(({ name }) => find(results, name, route) ?? []).map((one) => [
    one.program,
    orDash(one.cpuPerRequest),
    orDash(timesWork(one, duties)),
    orDash(timesWork(one, express)),
    number(one.requestsPerSecond),
    orDash(timesRequests(one, duties)),
    orDash(timesRequests(one, express)),
    number(one.p50),
    number(one.p99),
    String(one.failed),
  ]);
  return table(
    [
      'server',
      'CPU µs/request',
      '× same duties',
      '× Express',
      'requests/s',
      '× same duties',
      '× Express',
      'p50 ms',
      'p99 ms',
      'failed',
    ],
    rows,
  );
}

/** Start and memory. */
export function startUpTable(results: Results): string {
  return table(
    ['server', 'ready after ms', '× Express', 'idle MB', 'loaded MB'],
    results.startUp.map(({ program, readyAfter, idleMemory, loadedMemory }) => [
      program,
      number(readyAfter),
      orDash(timesStart(results, program, EXPRESS.name)),
      number(idleMemory / MB),
      number(loadedMemory / MB),
    ]),
  );
}

/** What the image holds. */
export function sizeTable({ sizes }: Results): string {
  return table(
    ['what', 'MB'],
    sizes.map(({ what, bytes }) => [what, number(bytes / MB)]),
  );
}

/** Where the service's time goes. */
export function hotPathTables({ hotPath: { groups, functions } }: Results): string {
  const rows = (shares: typeof groups) =>
    shares.map(({ where, percent }) => [where, `${percent.toFixed(1)} %`]);
  return [
    table(['where', 'of its busy time'], rows(groups.slice(0, 14))),
    table(['function', 'of its busy time'], rows(functions.slice(0, 20))),
  ].join('\n\n');
}
