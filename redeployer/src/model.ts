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

/**
 * A revision of the family `<service>`: one image, one template, and the moment its choice counts from. It is
 * never changed: whatever is to be remembered is another revision, whose number tells old answers from new.
 */
export interface Release {
  arn: string;
  /** The number of the revision. */
  number: number;
  /** The newest number when it was decided on; another one in between means that it was overtaken. */
  follows: number;
  /** Whether ECS can run it: a revision that was deregistered serves on, but no task of it starts. */
  active: boolean;
  commit: string;
  digest: string;
  uri: string;
  /** `family:revision` of the newest template at that time; it was made from it, unless it is a restart. */
  template: string;
  /** No image pushed at or before this moment replaces the release. */
  releasedAt: number;
  cause: Cause;
  registeredAt: number;
  /** Tasks have to have begun after this moment, for a restart was asked for then; 0 without one. */
  restartAt: number;
  /** The ARN of the release whose tasks it replaces, if it is a restart. */
  restarts?: string;
  /** The ARN of the release that is deployed for it: itself, or one that it only adds a memory to. */
  deployed: string;
}

/** What a release is chosen by; a memory of the one before it where nothing else was chosen. */
export interface Choice {
  cause: Cause;
  releasedAt: number;
  restartAt: number;
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
}

/** Why a service is looked at. */
export type Wake =
  /** With a commit where its push is the reason. */
  | { kind: 'reconcile'; service: string; pushed?: string }
  | { kind: 'release'; service: string; commit: string; at: number }
  | { kind: 'restart'; service: string; at: number };

/** What is missing, and why. */
export type Decision = { reason: string } & (
  | { action: 'nothing' }
  /** Register the image with the newest template, then deploy it. */
  | { action: 'release'; image: Omit<Image, 'pushedAt'>; choice: Choice }
  /** Deploy a release that was registered before a crash. */
  | { action: 'deploy'; release: Release }
  /** Keep a request, or a restart that has to wait, on a revision that is not deployed. */
  | { action: 'record'; release: Release; choice: Choice }
  /** Replace the tasks of what runs: register and deploy it once more, as it is. */
  | { action: 'restart'; release: Release; choice: Choice }
  /** The commit has no image, and others have; or its image is that of others too. */
  | { action: 'refuse'; commit: string; problem: 'no image' | 'shared image'; others: string[] }
);

/** The end of one rollout, as it is logged and published. */
export interface Outcome {
  service: string;
  commit: string;
  digest: string;
  outcome: 'COMPLETED' | 'FAILED' | 'ROLLED_BACK';
  reason: string;
  /** The ARN of the service deployment, which with `outcome` tells duplicates apart. */
  deployment: string;
}
