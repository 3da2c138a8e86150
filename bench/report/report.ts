import { CONNECTIONS } from '../lib/load.ts';
import { number } from '../lib/numbers.ts';
import { table, tidy } from '../lib/table.ts';
import { EXPRESS, PROGRAMS, SAME_DUTIES } from '../programs.ts';
import { medianOf, timesRequests, timesStart, timesWork, type Results } from './results.ts';
import { targetTable } from './targets.ts';

const megabytes = (bytes: number) => number(bytes / 1_000_000);

/** The whole report: what bench/results/bench.md holds. */
export function report(results: Results): Promise<string> {
  const { machine, measuredAt, commit, node, sizes } = results;
  return tidy(`# What \`npm run bench\` measured

${measuredAt.slice(0, 10)}, commit ${commit.slice(0, 12)}, Node ${node}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; load by ${machine.generator}. When the run began, ${machine.load} processes wanted its ${machine.cores} cores.

The first figure is the **processor time** that a server takes for a request (_CPU_), because server, database and load share the machine with whatever else runs there, and that disturbs it least. So _×_ is the peer's processor time divided by the server's, 2 where half of it is enough; beside the requests a second it compares those. Each is the median of what the pairs of neighbouring rounds say: the servers take turns. All other figures are medians of the rounds.

${table(
  ['server', 'what it is'],
  PROGRAMS.map(({ name, description }) => [name, description]),
  [],
)}

## Targets

Of processor time a request, and of time to start:

${targetTable(results)}

## \`GET /\`

${CONNECTIONS} connections, each of which sends its next request once the last is answered.

${routeTable(results, '/')}

## \`GET /connect\`

The same, with a pool of 10 each, one PostgreSQL.

${routeTable(results, '/connect')}

## Start and memory

From the start of the process to its first ready answer, which has asked the database. Resident memory a second later, and right after load at \`GET /\`.

${startUpTable(results)}

## Size

What the image holds above its base:

${table(
  ['what', 'MB'],
  sizes.map(({ what, bytes }) => [what, megabytes(bytes)]),
)}
`);
}

/** All programs at one route. */
function routeTable(results: Results, route: string): string {
  const peers = [SAME_DUTIES.name, EXPRESS.name];
  const times = ['× same duties', '× Express'];
  const rows = results.throughput
    .filter((one) => one.route === route)
    .map((one) => [
      one.program,
      number(medianOf(one, 'cpuPerRequest')),
      ...peers.map((peer) => number(timesWork(results, route, one.program, peer))),
      number(medianOf(one, 'requestsPerSecond')),
      ...peers.map((peer) => number(timesRequests(results, route, one.program, peer))),
      number(medianOf(one, 'p50')),
      number(medianOf(one, 'p99')),
      String(one.rounds.reduce((sum, { failed }) => sum + failed, 0)),
    ]);
  const head = ['server', 'CPU µs/request', ...times, 'requests/s', ...times, 'p50 ms', 'p99 ms', 'failed'];
  return table(head, rows);
}

function startUpTable(results: Results): string {
  return table(
    ['server', 'ready after ms', '× Express', 'idle MB', 'loaded MB'],
    results.startUp.map(({ program, readyAfter, idleMemory, loadedMemory }) => [
      program,
      number(readyAfter),
      number(timesStart(results, program, EXPRESS.name)),
      megabytes(idleMemory),
      megabytes(loadedMemory),
    ]),
  );
}
