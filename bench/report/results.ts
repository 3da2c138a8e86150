import type { Share } from '../measure/read-profile.ts';
import type { Size } from '../measure/size.ts';
import type { StartUp } from '../measure/start-up.ts';
import type { Throughput } from '../measure/throughput.ts';

/** Everything that one run of `npm run bench` found: what bench/results/bench.json holds. */
export interface Results {
  /** When the run began. */
  measuredAt: string;
  commit: string;
  machine: { cpu: string; cores: number; memoryGiB: number; system: string; generator: string };
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

/** The Nodes that were measured, the newest first. */
export function nodesOf({ throughput }: Results): string[] {
  const nodes = [...new Set(throughput.map(({ node }) => node))];
  return nodes.toSorted((one, other) => Number.parseInt(other) - Number.parseInt(one));
}
