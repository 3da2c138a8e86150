import { setTimeout as delay } from 'node:timers/promises';
import { load } from '../lib/load.ts';
import { median } from '../lib/numbers.ts';
import { say } from '../lib/say.ts';
import { PROGRAMS, start, type Place } from '../programs.ts';

/** After so long a server that nobody asks has come to rest. */
const REST_MS = 1000;

/** What a process costs before it has answered much. */
export interface StartUp {
  program: string;
  /** Milliseconds from the start of the process to its first ready answer: the median. */
  readyAfter: number;
  /** The same of each round. */
  rounds: number[];
  /** Resident bytes, a second after the start and right after load: the medians. */
  idleMemory: number;
  loadedMemory: number;
}

/** Starts every program again and again, in turns. */
export async function measureStartUp(rounds: number, place: Place): Promise<StartUp[]> {
  const turns = PROGRAMS.map((program) => ({
    program,
    ready: [] as number[],
    idle: [] as number[],
    loaded: [] as number[],
  }));
  for (let round = 1; round <= rounds; round += 1) {
    say(`start: round ${round} of ${rounds}`);
    for (const { program, ready, idle, loaded } of turns) {
      const server = await start(program, place);
      try {
        ready.push(server.readyAfter);
        await delay(REST_MS);
        idle.push(await server.memory());
        await load(`${server.url}/`, 1);
        loaded.push(await server.memory());
      } finally {
        await server.stop();
      }
    }
  }
  return turns.map(({ program, ready, idle, loaded }) => ({
    program: program.name,
    readyAfter: median(ready),
    rounds: ready,
    idleMemory: median(idle),
    loadedMemory: median(loaded),
  }));
}
