import type { Task } from '@aws-sdk/client-ecs';
import type { Aws } from './aws.ts';
import { ContradictoryViewError } from './errors.ts';
import { findRelease } from './find-release.ts';
import {
  commandFamily,
  type CommandTask,
  type Observation,
  type Release,
  type ServedService,
  type Trigger,
} from './model.ts';
import { findTasks } from './ports/tasks.ts';

type SeenTasks = Pick<NonNullable<Observation['command']>, 'running' | 'ended'>;

/** What a task is told that it was started for, and read back from it. */
export const startedByOf = (release: number): string => `release/${release}`;

/**
 * Asks ECS which task of a service's release command runs, and whether the last one that ended was for a release that
 * does not have its end yet. One at a time runs, so all before the last have theirs.
 * @throws ContradictoryViewError when what ECS tells is older than the event that woke, or than a task.
 */
export async function observeTasks(
  aws: Aws,
  served: ServedService,
  newest: Release,
  trigger: Trigger,
): Promise<SeenTasks> {
  const found = await findTasks(aws.clients.ecs, served, commandFamily(served), aws.signal);
  const tasks = found.map((task) => read(task, served, aws.now()));
  const running = tasks.find(({ state }) => state === 'running' || state === 'overdue');
  if (running && trigger.kind === 'reconcile' && trigger.ended === running.arn) {
    throw new ContradictoryViewError(`${running.arn} has ended, but ECS says that it runs`);
  }
  if (running) return { running };
  const [task] = tasks
    .filter(({ release }) => release > 0)
    .toSorted((one, other) => other.createdAt - one.createdAt);
  if (!task || task.state === 'running' || task.state === 'overdue') return {};
  const release = await releaseOf(aws, served, newest, task);
  return release ? { ended: { task, end: task.state, release } } : {};
}

/**
 * The release that the end of a task is still to be kept for: the newest where it waits for the same command of the
 * same image, or else the one that the task was started for.
 */
async function releaseOf(
  aws: Aws,
  served: ServedService,
  newest: Release,
  task: CommandTask,
): Promise<Release | undefined> {
  const arn = releaseArn(newest, task);
  if (arn === newest.deployed) return newest.commandEnd ? undefined : newest;
  if (task.release > newest.number) {
    throw new ContradictoryViewError(`${task.arn} is of ${arn}, but ${newest.arn} is said to be the newest`);
  }
  const release = (await findRelease(aws, served, arn))?.release;
  if (!release || release.commandEnd) return undefined;
  const isSame = release.digest === newest.digest && release.commandTemplate === newest.commandTemplate;
  return isSame && !newest.commandEnd ? newest : release;
}

/** The ARN of the release that a task was started for, beside that of another. */
export function releaseArn({ arn }: Release, task: CommandTask): string {
  return arn.replace(/\d+$/, String(task.release));
}

function read(task: Task, { container, releaseCommand }: ServedService, now: number): CommandTask {
  const { taskArn = '', taskDefinitionArn = '', startedBy = '', stoppedReason, containers = [] } = task;
  const own = containers.find(({ name }) => name === container);
  const createdAt = task.createdAt?.getTime() ?? NaN;
  return {
    arn: taskArn,
    release: Number(/^release\/(\d+)$/.exec(startedBy)?.[1] ?? 0),
    state: stateOf(task, own?.exitCode, now - createdAt > (releaseCommand?.timeoutSeconds ?? NaN) * 1000),
    createdAt,
    taskDefinition: taskDefinitionArn,
    exitCode: own?.exitCode,
    reason: [stoppedReason, own?.reason].filter(Boolean).join('; '),
  };
}

/** Who is stopped may still exit with 0: it counts only if the container ended by itself. */
function stateOf(
  { lastStatus, desiredStatus, stopCode }: Task,
  exitCode: number | undefined,
  isLate: boolean,
): CommandTask['state'] {
  if (lastStatus !== 'STOPPED') return isLate && desiredStatus !== 'STOPPED' ? 'overdue' : 'running';
  return exitCode === 0 && stopCode === 'EssentialContainerExited' ? 'succeeded' : 'failed';
}
