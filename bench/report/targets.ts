import { EXPRESS, NO_POOL, SLIPWAY } from '../contestants.ts';
import { CONNECTIONS } from '../settings.ts';
import { find, nodesOf, type Results } from './results.ts';

/** What the service sets out to be, beside what it is. */
export interface Target {
  what: string;
  /** How many times the peer's figure. */
  wanted: number;
  isAtLeast: boolean;
  measured: number;
  isMet: boolean;
}

/** The targets on the newest Node that was measured. */
export function targets(results: Results): Target[] {
  const [node = ''] = nodesOf(results);
  const speed = (route: string, peer: string) =>
    (find(results, SLIPWAY.name, node, route, CONNECTIONS)?.requestsPerSecond ?? Number.NaN) /
    (find(results, peer, node, route, CONNECTIONS)?.requestsPerSecond ?? Number.NaN);
  const readyAfter = (name: string) =>
    results.startUp.find((one) => one.contestant === name && one.node === node)?.readyAfter ?? Number.NaN;
  return [
    atLeast('`GET /`: requests per second, × Express', 1, speed('/', EXPRESS.name)),
    atLeast('`GET /connect`: × Express with a pool', 1, speed('/connect', EXPRESS.name)),
    atLeast('`GET /connect`: × a connection per request', 10, speed('/connect', NO_POOL.name)),
    atMost(
      'start to first ready answer, × Express',
      1.5,
      readyAfter(SLIPWAY.name) / readyAfter(EXPRESS.name),
    ),
  ];
}

function atLeast(what: string, wanted: number, measured: number): Target {
  return { what, wanted, isAtLeast: true, measured, isMet: measured >= wanted };
}

function atMost(what: string, wanted: number, measured: number): Target {
  return { what, wanted, isAtLeast: false, measured, isMet: measured <= wanted };
}
