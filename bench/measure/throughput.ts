import { load, type Round } from '../lib/load.ts';
import type { Node } from '../lib/image-node.ts';
import type { Progress } from '../lib/progress.ts';
import type { Server } from '../lib/server.ts';
import { median } from '../lib/statistics.ts';
import { start, type Database, type Program } from '../programs.ts';
import { CONNECTIONS } from '../settings.ts';

/** What is sent, and how often. */
export interface Course {
  route: '/' | '/connect';
  programs: Program[];
  rounds: number;
  /** How long a round lasts. */
  seconds: number;
  /** How long a server is under load before anything counts. */
  warmUpSeconds: number;
}

/** A round, with the processor time in microseconds that the server took for a request, where the system tells. */
export type CountedRound = Round & { cpuPerRequest: number | undefined };

/** One program on one course: the medians of its rounds, and the rounds themselves. */
export interface Throughput extends CountedRound {
  route: string;
  program: string;
  rounds: CountedRound[];
}

/** How many rounds a course takes, for the progress line; to warm up is one. */
export function countRounds({ programs, rounds }: Course): number {
  return programs.length * (rounds + 2);
}

/**
 * Measures all programs in turns, so that whatever else the machine does strikes all of them. Each is warmed up for the
 * compiler, because a server runs for days and one with more code takes longer, and has a first round that does not
 * count.
 */
export async function measureThroughput(
  { route, programs, rounds, seconds, warmUpSeconds }: Course,
  node: Node,
  database: Database,
  folder: string,
  progress: Progress,
): Promise<Throughput[]> {
  const servers: [Program, Server][] = [];
  try {
    for (const program of programs) {
      servers.push([program, await start(program, node, database, folder)]);
    }
    for (const [{ name }, server] of servers) {
      progress.step(`GET ${route}, warm-up of ${name}`);
      await load(`${server.url}${route}`, CONNECTIONS, warmUpSeconds);
      server.clearLog();
    }
    const measured = new Map<Program, CountedRound[]>(programs.map((program) => [program, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [program, server] of turned(servers, round)) {
        progress.step(`GET ${route}, ${program.name}`);
        const result = await countedLoad(server, route, seconds);
        server.clearLog();
        if (round > 0) {
          measured.get(program)?.push(result);
        }
      }
    }
    return [...measured].map(([{ name }, all]) => ({ route, program: name, ...summary(all) }));
  } finally {
    await Promise.all(servers.map(([, server]) => server.stop()));
  }
}

async function countedLoad(server: Server, route: string, seconds: number): Promise<CountedRound> {
  const before = await server.cpuTime();
  const round = await load(`${server.url}${route}`, CONNECTIONS, seconds);
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
