import type { Aws } from './aws.ts';
import type { CommandOutcome, CommandTask, Release, ServedService } from './model.ts';
import { describeTaskDefinition } from './ports/ecs.ts';

/** What there is to tell of a release command that failed. */
export async function commandOutcome(
  aws: Aws,
  { service, container }: ServedService,
  { commit, digest }: Release,
  { arn: task, exitCode, reason, taskDefinition }: CommandTask,
): Promise<CommandOutcome> {
  const found = await describeTaskDefinition(aws.clients.ecs, taskDefinition, aws.signal);
  const own = found?.definition.containerDefinitions?.find(({ name }) => name === container);
  const prefix = own?.logConfiguration?.options?.['awslogs-stream-prefix'];
  // How the log driver `awslogs` names its streams.
  const logStream = prefix && [prefix, container, task.slice(task.lastIndexOf('/') + 1)].join('/');
  const about = { service, commit, digest, outcome: 'FAILED', phase: 'release-command' } as const;
  return { ...about, reason, exitCode, logStream, task };
}
