import { createHash } from 'node:crypto';
import {
  type DesiredStatus,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { ContradictoryViewError, OvertakenError } from '../errors.ts';
import type { ReleaseCommand, ServedService } from '../model.ts';
import { call } from './calls.ts';

/** ECS describes at most so many tasks in one call. */
const PAGE = 100;

/**
 * Finds a family's tasks: those that run, and those that ended within about the last hour, for which ECS keeps them.
 * By family, for `startedBy` and a desired status cannot be asked for together.
 * @throws ContradictoryViewError when ECS, which named a task, does not know it (yet, or any more).
 */
export async function findTasks(
  client: ECSClient,
  { cluster }: ServedService,
  family: string,
  signal: AbortSignal,
): Promise<Task[]> {
  const [running, stopped] = await Promise.all([
    listTasks(client, cluster, family, 'RUNNING', signal),
    listTasks(client, cluster, family, 'STOPPED', signal),
  ]);
  // One that ended between the two lists is on both.
  const arns = [...new Set([...running, ...stopped])];
  const found: Task[] = [];
  for (let start = 0; start < arns.length; start += PAGE) {
    const command = new DescribeTasksCommand({ cluster, tasks: arns.slice(start, start + PAGE) });
    const { tasks = [] } = await call(
      { action: 'ecs:DescribeTasks', resource: `tasks of ${family} in ${cluster}` },
      signal,
      (options) => client.send(command, options),
    );
    found.push(...tasks);
  }
  const missing = arns.filter((arn) => !found.some(({ taskArn }) => taskArn === arn));
  if (missing.length > 0) {
    throw new ContradictoryViewError(`ECS lists a task and does not know it: ${missing.join(', ')}`);
  }
  return found;
}

async function listTasks(
  client: ECSClient,
  cluster: string,
  family: string,
  desiredStatus: DesiredStatus,
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListTasksCommand({ cluster, family, desiredStatus, nextToken });
    const page = await call(
      { action: 'ecs:ListTasks', resource: `tasks of ${family} in ${cluster}` },
      signal,
      (options) => client.send(command, options),
    );
    found.push(...(page.taskArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}

/**
 * Starts one task on demand. For as long as ECS remembers the token (a day, or an hour from the end of the task),
 * nothing that is asked for with the same token starts another one, so that the call may be repeated.
 * @param once what must not be started twice; `startedBy` tells it again from the task.
 * @throws OvertakenError when a task was started for it with other settings.
 * @throws AwsCallError when ECS starts none, with its reason; else see `call`.
 */
export async function runTask(
  client: ECSClient,
  { cluster }: ServedService,
  { subnets, securityGroups, assignPublicIp }: ReleaseCommand,
  taskDefinition: string,
  { startedBy, once }: { startedBy: string; once: string },
  signal: AbortSignal,
): Promise<void> {
  const command = new RunTaskCommand({
    cluster,
    taskDefinition,
    count: 1,
    // On demand: a Spot task may be taken away in the middle of a migration.
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets,
        securityGroups,
        assignPublicIp: assignPublicIp ? 'ENABLED' : 'DISABLED',
      },
    },
    startedBy,
    // ECS takes 64 characters, which is what this has.
    clientToken: createHash('sha256').update(once).digest('hex'),
  });
  const action = 'ecs:RunTask';
  await call({ action, resource: taskDefinition }, signal, async (options) => {
    try {
      const { tasks = [], failures = [] } = await client.send(command, options);
      if (tasks.length > 0) return;
      const said = failures
        .map(({ reason, detail }) => [reason, detail].filter(Boolean).join(': '))
        .join('; ');
      throw new Error(`ECS started no task: ${said}`);
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'ConflictException') {
        throw new OvertakenError(`A task was started for ${once} before`, { cause });
      }
      throw cause;
    }
  });
}

/** @param reason becomes part of what ECS tells of the task's end. */
export async function stopTask(
  client: ECSClient,
  { cluster }: ServedService,
  task: string,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const command = new StopTaskCommand({ cluster, task, reason });
  await call({ action: 'ecs:StopTask', resource: task }, signal, (options) => client.send(command, options));
}
