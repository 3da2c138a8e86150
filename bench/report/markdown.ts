import { CONTESTANTS } from '../contestants.ts';
import { table } from '../lib/markdown.ts';
import { CONNECTIONS } from '../settings.ts';
import { nodesOf, type Results } from './results.ts';
import {
  distance,
  growthTable,
  hotPathTables,
  routeTable,
  sizeTable,
  startUpTable,
  targetTable,
} from './tables.ts';

/** The whole report: what bench/results/bench.md holds. */
export function report(results: Results): string {
  const { machine, measuredAt, commit } = results;
  const [node = ''] = nodesOf(results);
  return `# What \`npm run bench\` measured

${measuredAt.slice(0, 10)}, commit ${commit.slice(0, 12)}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; load by ${machine.generator}. Medians of several rounds; in each round all servers take turns. Server, database and load share the machine with whatever else runs there: when the run began, ${machine.load} processes wanted its ${machine.cores} cores. So only ratios mean anything: *× Express* is the median of what each pair of neighbouring rounds says, and *CPU* is what the server itself used, which other processes disturb least.

${table(
  ['server', 'what it is'],
  CONTESTANTS.map(({ name, description }) => [name, description]),
)}

## Targets

On Node ${node}:

${targetTable(results)}

## \`GET /\`

${CONNECTIONS} connections, each of which sends its next request once the last is answered. ${distance(results)}

${routeTable(results, '/')}

## \`GET /connect\`

${CONNECTIONS} connections, a pool of 10, one PostgreSQL.

${routeTable(results, '/connect')}

How it grows with the number of connections, on Node ${node}:

${growthTable(results)}

## Start and memory

From the start of the process to its first ready answer, which has asked the database wherever there is one. Resident memory a second later, and right after load at \`GET /\`.

${startUpTable(results)}

## Size

What an image holds above its base:

${sizeTable(results)}

## The hot path

Where the service's busy time goes while it answers \`GET /\` on Node ${results.hotPath.node}, by V8's profiler (self time), before it is bundled:

${hotPathTables(results)}

## The redeployer

\`\`\`text
${results.redeployer.trim()}
\`\`\`
`;
}
