import { start, type Contestant, type Database } from '../contestants.ts';
import { load, type Round } from '../lib/load.ts';
import type { NodeVersion } from '../lib/node-versions.ts';
import type { Progress } from '../lib/progress.ts';
import { median } from '../lib/statistics.ts';
import type { Server } from '../lib/server.ts';

/** What is sent, and how often. */
export interface Course {
  route: '/' | '/connect';
  contestants: Contestant[];
  /** How many connections send at once; each count is measured for itself. */
  connections: number[];
  rounds: number;
  /** How long a round lasts. */
  seconds: number;
}

/** One contestant on one course: the medians of its rounds, and the rounds themselves. */
export interface Throughput extends Round {
  route: string;
  node: string;
  contestant: string;
  connections: number;
  rounds: Round[];
}

/** How many rounds a course takes, for the progress line. */
export function countRounds({ contestants, connections, rounds }: Course): number {
  return contestants.length * connections.length * (rounds + 1);
}

/**
 * Measures all contestants in turns, so that whatever else the machine does strikes all of them. Each has a first round
 * that does not count, for the compiler to warm up.
 */
export async function measureThroughput(
  { route, contestants, connections, rounds, seconds }: Course,
  node: NodeVersion,
  database: Database,
  folder: string,
  progress: Progress,
): Promise<Throughput[]> {
  const servers: [Contestant, Server][] = [];
  try {
    for (const contestant of contestants) {
      servers.push([contestant, await start(contestant, node, database, folder)]);
    }
    const results: Throughput[] = [];
    for (const count of connections) {
      const measured = new Map<Contestant, Round[]>(contestants.map((contestant) => [contestant, []]));
      for (let round = 0; round <= rounds; round += 1) {
        for (const [contestant, server] of rotated(servers, round)) {
          progress.step(`Node ${node.version}: GET ${route}, ${count} connections, ${contestant.name}`);
          const result = await load(`${server.url}${route}`, count, seconds);
          server.clearLog();
          if (round > 0) {
            measured.get(contestant)?.push(result);
          }
        }
      }
      for (const [contestant, all] of measured) {
        results.push({
          route,
          node: node.version,
          contestant: contestant.name,
          connections: count,
          ...summary(all),
        });
      }
    }
    return results;
  } finally {
    await Promise.all(servers.map(([, server]) => server.stop()));
  }
}

/** Nobody is always the first, or always behind the same other. */
function rotated<T>(values: readonly T[], by: number): T[] {
  const shift = by % values.length;
  return [...values.slice(shift), ...values.slice(0, shift)];
}

function summary(rounds: Round[]): Round & { rounds: Round[] } {
  const middle = (value: (round: Round) => number) => median(rounds.map(value));
  return {
    requestsPerSecond: middle((round) => round.requestsPerSecond),
    p50: middle((round) => round.p50),
    p99: middle((round) => round.p99),
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
    rounds,
  };
}
