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
  /** How the release command runs; without it a release is deployed at once. */
  releaseCommand?: ReleaseCommand | undefined;
}

/** Where a service's release command runs, and for how long at most. */
export interface ReleaseCommand {
  subnets: string[];
  securityGroups: string[];
  assignPublicIp: boolean;
  timeoutSeconds: number;
}

/** The family of the tasks that run a service's release command; its template is `<family>-template`. */
export function commandFamily({ service }: { service: string }): string {
  return `${service}-release-command`;
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
  /** `family:revision` of the release command's newest template at that time, if there was one. */
  commandTemplate?: string | undefined;
  /** How its release command ended. It is added to a release once known: the one thing that can follow later. */
  commandEnd?: CommandEnd | undefined;
}

export type CommandEnd = 'succeeded' | 'failed';

/** One task of a release command, as ECS tells it. */
export interface CommandTask {
  arn: string;
  /** The number of the release that it was started for; 0 where somebody else started it. */
  release: number;
  /** `overdue` is running for longer than it may. */
  state: 'running' | 'overdue' | CommandEnd;
  createdAt: number;
  /** The revision of the family `<service>-release-command` that it is of. */
  taskDefinition: string;
  exitCode?: number | undefined;
  /** ECS's words on why it stopped. */
  reason: string;
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
  /** The service stands at zero tasks for a while, and what it needs is stopped: nothing of it may start. */
  paused: boolean;
  /** Without it the service has no release command. */
  command?: {
    /** `family:revision` of its newest template. */
    template: string;
    /** The task that runs, of whichever release. */
    running?: CommandTask | undefined;
    /** The last task that ended, where the release that it was started for does not have its end yet. */
    ended?: { task: CommandTask; end: CommandEnd; release: Release } | undefined;
    /** Whether it succeeded for the commit asked for, as far as the last releases tell. */
    succeededBefore: boolean;
  };
}

/** Why a service is looked at. */
export type Trigger =
  /** With a commit where its push is the reason, or the ARN of a release command's task where its end is. */
  | { kind: 'reconcile'; service: string; pushed?: string; ended?: string }
  | { kind: 'release'; service: string; commit: string; at: number }
  | { kind: 'restart'; service: string; at: number };

/** What is missing, and why. */
export type Decision = { reason: string } & (
  | { action: 'nothing' }
  /** Register the image with the newest template; then do what comes next for it. */
  | { action: 'release'; image: Omit<Image, 'pushedAt'>; choice: Choice; commandEnd?: CommandEnd; next: Next }
  /** Deploy a release that was registered before: its release command has succeeded, or a run was cut off. */
  | { action: 'deploy'; release: Release }
  /** Start the release command of a release that was registered before. */
  | { action: 'run'; release: Release }
  /** Stop a release command that takes too long. */
  | { action: 'stop'; task: CommandTask }
  /** Keep how a release command ended, and tell it if it failed. */
  | { action: 'conclude'; release: Release; task: CommandTask; end: CommandEnd }
  /** Keep a request, or a restart that has to wait, on a revision that is not deployed. */
  | { action: 'record'; release: Release; choice: Choice }
  /** Replace the tasks of what runs: register it once more, as it is; then do what comes next. */
  | { action: 'restart'; release: Release; choice: Choice; next: Next }
  /** The commit has no image, and others have; or its image is that of others too. */
  | { action: 'refuse'; commit: string; problem: 'no image' | 'shared image'; others: string[] }
);

/** What follows the registration of a release: its deployment, its release command, another look, or the end of a pause. */
export type Next = 'deploy' | 'run' | 'look again' | 'wait';

/** The end of one rollout, as it is logged and published. */
export interface RolloutOutcome {
  service: string;
  commit: string;
  digest: string;
  outcome: 'COMPLETED' | 'FAILED' | 'ROLLED_BACK';
  reason: string;
  /** The ARN of the service deployment, which with `outcome` tells duplicates apart. */
  deployment: string;
}

/** The end of a release before its rollout: its release command failed. */
export interface CommandOutcome {
  service: string;
  commit: string;
  digest: string;
  outcome: 'FAILED';
  phase: 'release-command';
  reason: string;
  /** Missing where the container never ran. */
  exitCode?: number | undefined;
  /** Where the log of the command is. */
  logStream?: string | undefined;
  /** The ARN of the task, which tells duplicates apart. */
  task: string;
}

export type Outcome = RolloutOutcome | CommandOutcome;
