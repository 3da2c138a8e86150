import { median, medianRatio } from '../lib/numbers.ts';
import type { Size } from '../measure/size.ts';
import type { StartUp } from '../measure/start-up.ts';
import type { Round, Throughput } from '../measure/throughput.ts';

/** Everything that one run of `npm run bench` found: what bench/results/bench.json holds. */
export interface Results {
  /** When the run began. */
  measuredAt: string;
  commit: string;
  /** The version of Node that everything ran on. */
  node: string;
  machine: { cpu: string; cores: number; memoryGiB: number; load: number; system: string; generator: string };
  throughput: Throughput[];
  startUp: StartUp[];
  sizes: Size[];
}

/** What a program's rounds say of one thing. */
const each = (one: Throughput | undefined, of: keyof Round) => one?.rounds.map((round) => round[of]) ?? [];

/** The median of that. */
export const medianOf = (one: Throughput, of: keyof Round) => median(each(one, of));

/**
 * How many times the peer's work a program gets done in the same processor time: 2 where it needs half of it for a
 * request.
 */
export function timesWork(results: Results, route: string, program: string, peer: string): number {
  const cpu = (name: string) => each(find(results, route, name), 'cpuPerRequest');
  return medianRatio(cpu(peer), cpu(program));
}

/** How many times as many requests a program answered as its peer. */
export function timesRequests(results: Results, route: string, program: string, peer: string): number {
  const requests = (name: string) => each(find(results, route, name), 'requestsPerSecond');
  return medianRatio(requests(program), requests(peer));
}

/** How many times as long a program took as its peer to be ready. */
export function timesStart({ startUp }: Results, program: string, peer: string): number {
  const times = (name: string) => startUp.find((one) => one.program === name)?.rounds ?? [];
  return medianRatio(times(program), times(peer));
}

function find({ throughput }: Results, route: string, program: string): Throughput | undefined {
  return throughput.find((one) => one.program === program && one.route === route);
}
