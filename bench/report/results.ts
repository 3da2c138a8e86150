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
  machine: { cpu: string; cores: number; memoryGiB: number; load: number; system: string; generator: string };
  throughput: Throughput[];
  startUp: StartUp[];
  sizes: Size[];
  hotPath: { node: string; groups: Share[]; functions: Share[] };
  /** What the redeployer's own bench says. */
  redeployer: string;
}

/** One measurement among the results. */
export function find(
  { throughput }: Results,
  contestant: string,
  node: string,
  route: string,
  connections: number,
): Throughput | undefined {
  return throughput.find(
    (one) =>
      one.contestant === contestant &&
      one.node === node &&
      one.route === route &&
      one.connections === connections,
  );
}

/**
 * How many times as many requests one server answered as another: the median of what each pair of rounds says. Both
 * rounds of a pair lie seconds apart, so that a busy machine strikes both.
 */
export function timesFaster(one: Throughput | undefined, other: Throughput | undefined): number {
  const ratios = (one?.rounds ?? []).map(
    ({ requestsPerSecond }, index) =>
      requestsPerSecond / (other?.rounds[index]?.requestsPerSecond ?? Number.NaN),
  );
  return ratios.length > 0 ? median(ratios) : Number.NaN;
}

/** The Nodes that were measured, the newest first. */
export function nodesOf({ throughput }: Results): string[] {
  const nodes = [...new Set(throughput.map(({ node }) => node))];
  return nodes.toSorted((one, other) => Number.parseInt(other) - Number.parseInt(one));
}
