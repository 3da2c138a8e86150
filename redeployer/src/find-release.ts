import type { Aws } from './aws.ts';
import { ContradictoryViewError } from './errors.ts';
import type { Release, ServedService } from './model.ts';
import { type Definition, describeTaskDefinition } from './ports/ecs.ts';
import { END_TAG, readRelease } from './release.ts';

/** So many releases are looked through for an earlier one of a commit that is asked for. */
const LOOKED_BACK = 50;

/** A release with the task definition that it was read from. */
export interface Found {
  release: Release;
  definition: Definition;
}

/** The newest release, and the highest number that is taken: the next one has to follow it directly. */
export interface Newest {
  newest: Found | undefined;
  highest: number;
}

/**
 * Looks a release up by the ARN of a task definition.
 * @returns undefined when the ARN is none of the service's family (the template, or nothing at all).
 * @throws ContradictoryViewError when ECS, which named it, does not know it (yet).
 * @throws MissingResourceError when its tags are not those of a release; else see `call`.
 */
export async function findRelease(
  { clients, signal }: Aws,
  served: ServedService,
  arn: string,
): Promise<Found | undefined> {
  if (!arn.includes(`:task-definition/${served.service}:`)) return undefined;
  const definition = await describeTaskDefinition(clients.ecs, arn, signal);
  if (!definition) throw new ContradictoryViewError(`ECS names ${arn} and does not know it`);
  return { release: readRelease(definition, served.container), definition };
}

/**
 * Whether the release command of a commit succeeded for one of the last releases. What is further back is not looked
 * for: its command is run again.
 * @param known releases that were looked at already.
 */
export async function hasSucceededBefore(
  { clients, signal }: Aws,
  { service }: ServedService,
  commit: string,
  known: (Found | undefined)[],
  highest: number,
): Promise<boolean> {
  if (known.some((one) => one?.release.commit === commit && one.release.commandEnd === 'succeeded'))
    return true;
  for (let number = highest; number > Math.max(0, highest - LOOKED_BACK); number -= 1) {
    const { tags = [] } = (await describeTaskDefinition(clients.ecs, `${service}:${number}`, signal)) ?? {};
    const has = (name: string, value: string) => tags.some((one) => one.key === name && one.value === value);
    if (has('commit', commit) && has(END_TAG, 'succeeded')) return true;
  }
  return false;
}

/**
 * Looks the newest release up. One that another overtook, between the look it was decided on and its
 * registration, does not count: the newest of those it did not know of does.
 */
export async function findNewest(aws: Aws, served: ServedService): Promise<Newest> {
  const definition = await describeTaskDefinition(aws.clients.ecs, served.service, aws.signal);
  if (!definition) return { newest: undefined, highest: 0 };
  let newest: Found = { release: readRelease(definition, served.container), definition };
  const { arn, number: highest } = newest.release;
  for (let number = highest - 1; number > newest.release.follows; number -= 1) {
    const between = await findRelease(aws, served, arn.replace(/\d+$/, String(number)));
    if (between?.release.active) newest = between;
  }
  return { newest, highest };
}
