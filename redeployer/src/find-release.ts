import type { Aws } from './aws.ts';
import type { Release, ServedService } from './model.ts';
import { describeTaskDefinition } from './ports/ecs.ts';
import { readRelease } from './release.ts';

/**
 * Looks a release up by the ARN of a task definition.
 * @returns undefined when the ARN is none of the service's family (the template, or nothing at all).
 * @throws MissingResourceError when its tags are not those of a release; else see `call`.
 */
export async function findRelease(
  { clients, signal }: Aws,
  served: ServedService,
  arn: string,
): Promise<Release | undefined> {
  if (!arn.includes(`:task-definition/${served.service}:`)) return undefined;
  const definition = await describeTaskDefinition(clients.ecs, arn, signal);
  return definition && readRelease(definition, served.container);
}
