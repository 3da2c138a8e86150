/** The nouns of the redeployer. Every time is in milliseconds since 1970. */

/** A commit as images are tagged with it. */
export const COMMIT = /^[0-9a-f]{40}$/;

/** One served ECS service, as `SERVICES` names it. Its family is `service`, its template `<service>-template`. */
export interface ServedService {
  service: string;
  cluster: string;
  repository: string;
  container: string;
  minimumTasks: number;
  secretArns: string[];
}

/** An image of the registry that carries a commit as its tag; `uri` pins it by digest. */
export interface Image {
  commit: string;
  digest: string;
  uri: string;
  pushedAt: number;
}

export type Cause = 'pushed' | 'requested';

/** A revision of the family `<service>`: one image, one template, and the moment its choice counts from. */
export interface Release {
  arn: string;
  commit: string;
  digest: string;
  uri: string;
  /** `family:revision` of the template it was made from. */
  template: string;
  /** No image pushed at or before this moment replaces the release. */
  releasedAt: number;
  cause: Cause;
  registeredAt: number;
}

/**
 * How far a release got. `never deployed` and `failed` look alike in the task definitions;
 * `forgotten` is a release that ECS's deployment history is too short to judge.
 */
export type Progress = 'never deployed' | 'in flight' | 'completed' | 'failed' | 'forgotten';

/** Everything a decision depends on, as ECR and ECS told it. */
export interface Observation {
  images: Image[];
  /** `family:revision` of the newest template. */
  template: string;
  /** The newest release; without it nothing was ever released. */
  newest?: Release & { progress: Progress };
  /** The release ECS runs, or goes back to; without it the service stands on its placeholder. */
  running?: Release;
  /** A deployment, or the rollback of one, is under way. */
  busy: boolean;
  /** When deployments of what the service stands on began; filled for a restart only. */
  deployedAt: number[];
}

/** Why a service is looked at. */
export type Wake =
  | { kind: 'reconcile'; service: string }
  | { kind: 'release'; service: string; commit: string; at: number }
  | { kind: 'restart'; service: string; at: number };

/** What is missing, and why. */
export type Decision = { reason: string } & (
  | { action: 'nothing' }
  /** Register the image with the newest template, then deploy it. */
  | { action: 'release'; image: Omit<Image, 'pushedAt'>; cause: Cause; releasedAt: number }
  /** Deploy a release that was registered before a crash. */
  | { action: 'deploy'; release: Release }
  /** Write an explicit request down on the release that already answers it. */
  | { action: 'record'; release: Release; releasedAt: number }
  /** Replace the tasks of what runs. */
  | { action: 'restart'; release: Release }
  /** The commit asked for is not in the registry. */
  | { action: 'refuse'; commit: string; available: string[] }
);

/** The end of one rollout, as it is logged and published. */
export interface Outcome {
  service: string;
  commit: string;
  digest: string;
  outcome: 'COMPLETED' | 'FAILED' | 'ROLLED_BACK';
  reason: string;
  /** ECS's id of the deployment that the event spoke of, for telling duplicates apart. */
  deployment: string;
}
