import { table } from '../lib/markdown.ts';
import { PROGRAMS } from '../programs.ts';
import { CONNECTIONS } from '../settings.ts';
import type { Results } from './results.ts';
import { hotPathTables, routeTable, sizeTable, startUpTable, targetTable } from './tables.ts';

/** The whole report: what bench/results/bench.md holds. */
export function report(results: Results): string {
  const { machine, measuredAt, commit, node } = results;
  return `# What \`npm run bench\` measured

${measuredAt.slice(0, 10)}, commit ${commit.slice(0, 12)}, Node ${node}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; load by ${machine.generator}. When the run began, ${machine.load} processes wanted its ${machine.cores} cores.

The first figure is the **processor time** that a server takes for a request (*CPU*), because server, database and load share the machine with whatever else runs there, and that disturbs it least. So *×* is the peer's processor time divided by the server's, 2 where half of it is enough; beside the requests a second it compares those. Each is the median of what the pairs of neighbouring rounds say: the servers take turns. All other figures are medians of the rounds.

${table(
  ['server', 'what it is'],
  PROGRAMS.map(({ name, description }) => [name, description]),
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

${sizeTable(results)}

## The hot path

Where the service's busy time goes while it answers \`GET /\`, by V8's profiler (self time), before it is bundled:

${hotPathTables(results)}

## The redeployer

\`\`\`text
${results.redeployer.trim()}
\`\`\`
`;
}
