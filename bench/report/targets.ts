import { number } from '../lib/numbers.ts';
import { table } from '../lib/table.ts';
import { EXPRESS, SAME_DUTIES, SLIPWAY, type Program } from '../programs.ts';
import { timesStart, timesWork, type Results } from './results.ts';

/** What the service sets out to be, beside what it is. */
export function targetTable(results: Results): string {
  const work = (route: string, peer: Program) => timesWork(results, route, SLIPWAY.name, peer.name);
  const start = timesStart(results, SLIPWAY.name, EXPRESS.name);
  return table(
    ['target', 'wanted', 'measured', ''],
    [
      atLeast(1.35, '`GET /`, × Express with the same duties', work('/', SAME_DUTIES)),
      atLeast(1.1, '`GET /connect`, × Express with the same duties', work('/connect', SAME_DUTIES)),
      atLeast(0.85, '`GET /`, × Express', work('/', EXPRESS)),
      row('start to first ready answer, × Express', 'at most 2', start, start <= 2),
    ],
    [2],
  );
}

const atLeast = (wanted: number, what: string, measured: number) =>
  row(what, `at least ${wanted}`, measured, measured >= wanted);

const row = (what: string, wanted: string, measured: number, isMet: boolean) => [
  what,
  wanted,
  number(measured),
  Number.isNaN(measured) ? 'not measured' : isMet ? 'met' : '**missed**',
];
