import assert from 'node:assert/strict';
import { load, type Answered } from '../lib/load.ts';
import { say } from '../lib/say.ts';
import type { Server } from '../lib/server.ts';
import { MESSAGE } from '../peers/peer.mjs';
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
      await checkAnswer(program.name, route, server.url);
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

/** Only what gives the same right answer may be compared: fails when a program does not. */
async function checkAnswer(program: string, route: string, url: string): Promise<void> {
  const answer = (await (await fetch(url + route)).json()) as Record<string, string>;
  const what = `${program}: GET ${route}`;
  if (route === '/') {
    return assert.deepEqual(answer, MESSAGE, what);
  }
  const { engine, version, banner } = answer;
  return assert.match(`${engine} ${version}: ${banner}`, /^(PostgreSQL \S+): \1 /, what);
}

/** Nobody is always the first, or always behind the same other. */
function turned<T>(values: readonly T[], round: number): T[] {
  const shift = round % values.length;
  const rotated = [...values.slice(shift), ...values.slice(0, shift)];
  return round % 2 === 0 ? rotated : rotated.toReversed();
}
