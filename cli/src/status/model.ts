/** What is told of an environment. Every time is ISO 8601 in UTC, as it is printed with `--json`. */

/** Why a rollout began. */
export type Why = 'pushed' | 'requested' | 'restart' | 'template';

/** As the pipeline names the ends, and what has none yet. */
export type Outcome = 'completed' | 'rolled-back' | 'release-command-failed' | 'superseded' | 'in-flight';

/** One release, deployed or about to be. */
export interface Rollout {
  commit: string;
  /** The revision of the family `<service>`. */
  release: number;
  why: Why;
  /** `family:revision` of Terraform's template. */
  template: string;
  /** When the commit was pushed, or asked for. */
  chosenAt: string;
  beganAt: string;
  endedAt: string | null;
  outcome: Outcome;
  /** ECS's words on the outcome, or what it is waiting for. */
  reason: string;
}

export interface Running {
  commit: string;
  release: number;
  why: Why;
  template: string;
  /** Since when this commit serves, as far back as ECS tells. */
  since: string | null;
}

export interface Status {
  environment: string;
  account: string;
  region: string;
  service: string;
  /** Null before the first release has completed. */
  running: Running | null;
  tasks: { running: number; desired: number };
  /** Whether its schedule, or somebody, lets nothing run at this moment. */
  paused: boolean;
  /** Newest first; one that is in flight is among them. */
  rollouts: Rollout[];
}

export function inFlight({ rollouts }: Status): Rollout | undefined {
  return rollouts.find(({ outcome }) => outcome === 'in-flight');
}
