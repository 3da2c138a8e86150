import { load, type Answered } from '../lib/load.ts';
import { say } from '../lib/say.ts';
import type { Server } from '../lib/server.ts';
import { PROGRAMS, start, type Place } from '../programs.ts';

/** What one server did in a round, and the microseconds of processor time that it took for a request. */
export type Round = Answered & { cpuPerRequest: number };

/** One program at one route. */
export interface Throughput {
  route: string;
  program: string;
  rounds: Round[];
}

const ROUND_SECONDS = 1;

/**
 * Measures all programs in turns, so that whatever else the machine does strikes all of them. Each is warmed up for the
 * compiler, because a server runs for days and one with more code takes longer, and has a first round that does not
 * count.
 */
export async function measureThroughput(
  route: string,
  rounds: number,
  warmUpSeconds: number,
  place: Place,
): Promise<Throughput[]> {
  const turns: { program: string; server: Server; measured: Round[] }[] = [];
  try {
    say(`GET ${route}: warm-up`);
    for (const program of PROGRAMS) {
      const server = await start(program, place);
      turns.push({ program: program.name, server, measured: [] });
      await load(server.url + route, warmUpSeconds);
    }
    for (let number = 0; number <= rounds; number += 1) {
      say(`GET ${route}: round ${number} of ${rounds}`);
      for (const { server, measured } of turned(turns, number)) {
        server.clearLog();
        const before = await server.cpuTime();
        const answered = await load(server.url + route, ROUND_SECONDS);
        const used = (await server.cpuTime()) - before;
        measured.push({
          ...answered,
          cpuPerRequest: used / (answered.requestsPerSecond * ROUND_SECONDS),
        });
      }
    }
    return turns.map(({ program, measured }) => ({ route, program, rounds: measured.slice(1) }));
  } finally {
    await Promise.all(turns.map(({ server }) => server.stop()));
  }
}

/** Nobody is always the first, or always behind the same other. */
function turned<T>(values: readonly T[], round: number): T[] {
  const shift = round % values.length;
  const rotated = [...values.slice(shift), ...values.slice(0, shift)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}
