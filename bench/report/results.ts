import { median } from '../lib/statistics.ts';
import type { Share } from '../measure/read-profile.ts';
import type { Size } from '../measure/size.ts';
import type { StartUp } from '../measure/start-up.ts';
import type { Throughput } from '../measure/throughput.ts';

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
  hotPath: { groups: Share[]; functions: Share[] };
  /** What the redeployer's own bench says. */
  redeployer: string;
}

/** One measurement among the results. */
export function find({ throughput }: Results, program: string, route: string): Throughput | undefined {
  return throughput.find((one) => one.program === program && one.route === route);
}

/**
 * How many times the peer's work a program gets done in the same processor time: 2 where it needs half of it for a
 * request.
 */
export function timesWork(program: Throughput | undefined, peer: Throughput | undefined): number {
  return medianRatio(
    (peer?.rounds ?? []).map(({ cpuPerRequest }) => cpuPerRequest),
    (program?.rounds ?? []).map(({ cpuPerRequest }) => cpuPerRequest),
  );
}

/** How many times as many requests a program answered as its peer. */
export function timesRequests(program: Throughput | undefined, peer: Throughput | undefined): number {
  return medianRatio(
    (program?.rounds ?? []).map(({ requestsPerSecond }) => requestsPerSecond),
    (peer?.rounds ?? []).map(({ requestsPerSecond }) => requestsPerSecond),
  );
}

/** How many times as long a program took as its peer to be ready. */
export function timesStart({ startUp }: Results, program: string, peer: string): number {
  const rounds = (name: string) => startUp.find((one) => one.program === name)?.rounds ?? [];
  return medianRatio(rounds(program), rounds(peer));
}

/**
 * The median of what each pair of rounds says: both lie seconds apart, so that a busy machine strikes both. Not a number
 * where there is nothing to compare.
 */
export function medianRatio(
  ones: readonly (number | undefined)[],
  others: readonly (number | undefined)[],
): number {
  const ratios = ones
    .map((one, index) => (one ?? Number.NaN) / (others[index] ?? Number.NaN))
    .filter((ratio) => !Number.isNaN(ratio));
  return ratios.length > 0 ? median(ratios) : Number.NaN;
}
