import { setTimeout as delay } from 'node:timers/promises';
import { start, type Contestant, type Database } from '../contestants.ts';
import { load } from '../lib/load.ts';
import type { NodeVersion } from '../lib/node-versions.ts';
import type { Progress } from '../lib/progress.ts';
import { median } from '../lib/statistics.ts';

/** After so long a server that nobody asks has come to rest. */
const REST_MS = 1000;

/** What a process costs before it has answered much. */
export interface StartUp {
  node: string;
  contestant: string;
  /** Milliseconds from the start of the process to its first ready answer: the median. */
  readyAfter: number;
  /** Resident bytes, a second after the start and right after load: the medians. */
  idleMemory: number;
  loadedMemory: number;
}

/** Starts every contestant again and again, in turns. */
export async function measureStartUp(
  contestants: Contestant[],
  node: NodeVersion,
  database: Database,
  folder: string,
  { rounds, seconds }: { rounds: number; seconds: number },
  progress: Progress,
): Promise<StartUp[]> {
  const measured = new Map(contestants.map((contestant) => [contestant, [] as number[][]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [contestant, values] of measured) {
      progress.step(`Node ${node.version}: start of ${contestant.name}`);
      const server = await start(contestant, node, database, folder);
      try {
        await delay(REST_MS);
        const idle = await server.memory();
        await load(`${server.url}/`, 50, seconds);
        values.push([server.readyAfter, idle, await server.memory()]);
      } finally {
        await server.stop();
      }
    }
  }
  return [...measured].map(([{ name }, values]) => {
    const middle = (column: number) => median(values.map((value) => value[column] as number));
    return {
      node: node.version,
      contestant: name,
      readyAfter: middle(0),
      idleMemory: middle(1),
      loadedMemory: middle(2),
    };
  });
}
