import { CONTESTANTS, EXPRESS, SLIPWAY } from '../contestants.ts';
import { number, table } from '../lib/markdown.ts';
import { CONNECTIONS, GROWTH } from '../settings.ts';
import { find, nodesOf, type Results } from './results.ts';
import { targets } from './targets.ts';

const MB = 1_000_000;

/** Whether each target is met. */
export function targetTable(results: Results): string {
  return table(
    ['target', 'wanted', 'measured', ''],
    targets(results).map(({ what, wanted, isAtLeast, measured, isMet }) => [
      what,
      `${isAtLeast ? 'at least' : 'at most'} ${wanted}`,
      number(measured),
      isMet ? 'met' : '**missed**',
    ]),
  );
}

/** All contestants at one route and one number of connections, on every Node. */
export function routeTable(results: Results, route: string): string {
  const rows = nodesOf(results).flatMap((node) => {
    const express = find(results, EXPRESS.name, node, route, CONNECTIONS)?.requestsPerSecond ?? Number.NaN;
    return CONTESTANTS.flatMap(({ name }) => {
      const one = find(results, name, node, route, CONNECTIONS);
      return one === undefined
        ? []
        : [
            [
              node,
              name,
              number(one.requestsPerSecond),
              number(one.requestsPerSecond / express),
              number(one.p50),
              number(one.p99),
              String(one.failed),
            ],
          ];
    });
  });
  return table(['Node', 'server', 'requests/s', '× Express', 'p50 ms', 'p99 ms', 'failed'], rows);
}

/** How throughput and the slowest hundredth grow with the number of connections, at `GET /connect`. */
export function growthTable(results: Results): string {
  const [node = ''] = nodesOf(results);
  const growth = GROWTH.filter((connections) => find(results, SLIPWAY.name, node, '/connect', connections));
  const rows = CONTESTANTS.flatMap(({ name }) => {
    const measured = growth.map((connections) => find(results, name, node, '/connect', connections));
    if (measured.some((one) => one === undefined)) {
      return [];
    }
    return [
      [
        name,
        ...measured.map((one) => {
          const failed = one?.failed ? `, ${one.failed} failed` : '';
          return `${number(one?.requestsPerSecond ?? 0)}/s, p99 ${number(one?.p99 ?? 0)} ms${failed}`;
        }),
      ],
    ];
  });
  return table(['connections', ...growth.map(String)], rows);
}

/** Start and memory. */
export function startUpTable({ startUp }: Results): string {
  return table(
    ['Node', 'server', 'ready after ms', '× Express', 'idle MB', 'loaded MB'],
    startUp.map(({ node, contestant, readyAfter, idleMemory, loadedMemory }) => {
      const express = startUp.find((one) => one.node === node && one.contestant === EXPRESS.name);
      return [
        node,
        contestant,
        number(readyAfter),
        number(readyAfter / (express?.readyAfter ?? Number.NaN)),
        number(idleMemory / MB),
        number(loadedMemory / MB),
      ];
    }),
  );
}

/** What the images hold. */
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

/** Requests per second beside the peers, in a sentence. */
export function distance(results: Results): string {
  const [node = ''] = nodesOf(results);
  const own = find(results, SLIPWAY.name, node, '/', CONNECTIONS)?.requestsPerSecond ?? Number.NaN;
  const times = (name: string) =>
    number(own / (find(results, name, node, '/', CONNECTIONS)?.requestsPerSecond ?? Number.NaN));
  return `Slipway answers ${times('Express')} × as many requests as Express, ${times('Nest starter')} × the Nest starter, ${times('Fastify')} × Fastify and ${times('node:http')} × bare node:http.`;
}
