import { setTimeout as delay } from 'node:timers/promises';
import type { Node } from '../lib/image-node.ts';
import { load } from '../lib/load.ts';
import type { Progress } from '../lib/progress.ts';
import { median } from '../lib/statistics.ts';
import { start, type Database, type Program } from '../programs.ts';
import { CONNECTIONS } from '../settings.ts';

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
export async function measureStartUp(
  programs: Program[],
  node: Node,
  database: Database,
  folder: string,
  { rounds, seconds }: { rounds: number; seconds: number },
  progress: Progress,
): Promise<StartUp[]> {
  const measured = new Map(
    programs.map((program) => [program, [] as { ready: number; idle: number; loaded: number }[]]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const [program, values] of measured) {
      progress.step(`start of ${program.name}`);
      const server = await start(program, node, database, folder);
      try {
        await delay(REST_MS);
        const idle = await server.memory();
        await load(`${server.url}/`, CONNECTIONS, seconds);
        values.push({ ready: server.readyAfter, idle, loaded: await server.memory() });
      } finally {
        await server.stop();
      }
    }
  }
  return [...measured].map(([{ name }, values]) => ({
    program: name,
    readyAfter: median(values.map(({ ready }) => ready)),
    rounds: values.map(({ ready }) => ready),
    idleMemory: median(values.map(({ idle }) => idle)),
    loadedMemory: median(values.map(({ loaded }) => loaded)),
  }));
}
