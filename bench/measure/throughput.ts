import { start, type Contestant, type Database } from '../contestants.ts';
import { load, type Round } from '../lib/load.ts';
import type { NodeVersion } from '../lib/node-versions.ts';
import type { Progress } from '../lib/progress.ts';
import { median } from '../lib/statistics.ts';
import type { Server } from '../lib/server.ts';
import { CONNECTIONS } from '../settings.ts';

/** What is sent, and how often. */
export interface Course {
  route: '/' | '/connect';
  contestants: Contestant[];
  /** How many connections send at once; each count is measured for itself. */
  connections: number[];
  rounds: number;
  /** How long a round lasts. */
  seconds: number;
  /** How long a server is under load before anything counts. */
  warmUpSeconds: number;
}

/** A round, with the processor time in microseconds that the server took for a request, where the system tells. */
export type CountedRound = Round & { cpuPerRequest: number | undefined };

/** One contestant on one course: the medians of its rounds, and the rounds themselves. */
export interface Throughput extends CountedRound {
  route: string;
  node: string;
  contestant: string;
  connections: number;
  rounds: CountedRound[];
}

/** How many rounds a course takes, for the progress line; to warm up is one. */
export function countRounds({ contestants, connections, rounds }: Course): number {
  return contestants.length * (1 + connections.length * (rounds + 1));
}

/**
 * Measures all contestants in turns, so that whatever else the machine does strikes all of them. Each is
 * warmed up for the compiler, because a server runs for days and one with more code takes longer, and has for each number
 * of connections a first round that does not count.
 */
export async function measureThroughput(
  { route, contestants, connections, rounds, seconds, warmUpSeconds }: Course,
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
    for (const [{ name }, server] of servers) {
      progress.step(`Node ${node.version}: GET ${route}, warm-up of ${name}`);
      await load(`${server.url}${route}`, CONNECTIONS, warmUpSeconds);
      server.clearLog();
    }
    const results: Throughput[] = [];
    for (const count of connections) {
      const measured = new Map<Contestant, CountedRound[]>(contestants.map((contestant) => [contestant, []]));
      for (let round = 0; round <= rounds; round += 1) {
        for (const [contestant, server] of turned(servers, round)) {
          progress.step(`Node ${node.version}: GET ${route}, ${count} connections, ${contestant.name}`);
          const result = await countedLoad(server, route, count, seconds);
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

async function countedLoad(
  server: Server,
  route: string,
  connections: number,
  seconds: number,
): Promise<CountedRound> {
  const before = await server.cpuTime();
  const round = await load(`${server.url}${route}`, connections, seconds);
  const after = await server.cpuTime();
  const used = before === undefined || after === undefined ? undefined : after - before;
  return { ...round, cpuPerRequest: used && used / (round.requestsPerSecond * seconds) };
}

/** Nobody is always the first, or always behind the same other. */
function turned<T>(values: readonly T[], round: number): T[] {
  const shift = round % values.length;
  const rotated = [...values.slice(shift), ...values.slice(0, shift)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}

function summary(rounds: CountedRound[]): CountedRound & { rounds: CountedRound[] } {
  const cpu = rounds.flatMap(({ cpuPerRequest }) => cpuPerRequest ?? []);
  const middle = (value: (round: Round) => number) => median(rounds.map(value));
  return {
    requestsPerSecond: middle((round) => round.requestsPerSecond),
    p50: middle((round) => round.p50),
    p99: middle((round) => round.p99),
    cpuPerRequest: cpu.length > 0 ? median(cpu) : undefined,
    failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
    rounds,
  };
}
