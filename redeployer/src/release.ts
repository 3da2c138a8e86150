import type { RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { MissingResourceError, UnsupportedSettingError } from './errors.ts';
import type { Choice, CommandEnd, Image, Release, ServedService } from './model.ts';
import type { Definition } from './ports/ecs.ts';

/** What ECS says about a task definition and does not take back when one is registered. */
const ANSWER_ONLY = new Set<string>([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
] satisfies (keyof TaskDefinition)[]);

/** ECS takes no more tags on a task definition. */
const MOST_TAGS = 50;

/** The tags of a release; a template's tags of these names are replaced. */
const OWN_TAGS = [
  'commit',
  'digest',
  'template',
  'cause',
  'released-at',
  'follows',
  'restart-at',
  'restarts',
  'deployed',
] as const;

/** How a release's command ended. */
export const END_TAG = 'release-command';

/** The tags of a release of a service with a release command. */
const COMMAND_TAGS = ['command-template', END_TAG] as const;

type OwnTag = (typeof OWN_TAGS)[number] | (typeof COMMAND_TAGS)[number];

const COMMAND_ENDS: CommandEnd[] = ['succeeded', 'failed'];

/** What a release remembers besides its image. */
export interface Memory {
  choice: Choice;
  template: string;
  follows?: number;
  restarts?: string | undefined;
  deployed?: string;
  commandTemplate?: string | undefined;
  commandEnd?: CommandEnd | undefined;
}

/**
 * Says what keeps a template from becoming a release, whether or not one is due: Terraform, which asks for a
 * look after each change, then fails with it.
 * @throws MissingResourceError when it has no container of the configured name.
 * @throws UnsupportedSettingError when its tags leave no room for those of a release.
 */
export function assertReleasable({ container, releaseCommand }: ServedService, template: Definition): void {
  const names = (template.definition.containerDefinitions ?? []).map(({ name }) => name);
  if (!names.includes(container)) {
    throw new MissingResourceError(
      `${templateName(template)} has no container ${container} but ${names.join(', ')}: ` +
        'look at `container` in SERVICES',
    );
  }
  const carried = carriedTags(template).length;
  const own = OWN_TAGS.length + (releaseCommand ? COMMAND_TAGS.length : 0);
  const room = MOST_TAGS - own;
  if (carried > room) {
    throw new UnsupportedSettingError(
      `${templateName(template)} has ${carried} tags, and a release needs ${own} of the ` +
        `${MOST_TAGS} that ECS takes: leave it at most ${room}`,
    );
  }
}

/**
 * Makes a release, or what its release command runs as, out of a task definition: everything is carried over, one
 * container's image is replaced.
 */
export function releaseInput(
  { container }: ServedService,
  family: string,
  source: Definition,
  image: Omit<Image, 'pushedAt'>,
  { choice, template, follows, restarts, deployed, commandTemplate, commandEnd }: Memory,
): RegisterTaskDefinitionCommandInput {
  const carried = Object.fromEntries(
    Object.entries(source.definition).filter(([field]) => !ANSWER_ONLY.has(field)),
  );
  const { cause, releasedAt, restartAt } = choice;
  const tags: Partial<Record<OwnTag, string>> = {
    commit: image.commit,
    digest: image.digest,
    template,
    cause,
    'released-at': new Date(releasedAt).toISOString(),
    ...(follows === undefined ? {} : { follows: String(follows) }),
    ...(restartAt > 0 ? { 'restart-at': new Date(restartAt).toISOString() } : {}),
    ...(restarts ? { restarts } : {}),
    ...(deployed ? { deployed } : {}),
    ...(commandTemplate ? { 'command-template': commandTemplate } : {}),
    ...(commandEnd ? { [END_TAG]: commandEnd } : {}),
  };
  return {
    ...carried,
    family,
    containerDefinitions: (source.definition.containerDefinitions ?? []).map((one) =>
      one.name === container ? { ...one, image: image.uri } : one,
    ),
    tags: [...carriedTags(source), ...Object.entries(tags).map(([key, value]) => ({ key, value }))],
  };
}

/** `family:revision`, as it is kept in the tag `template`. */
export function templateName({ definition }: Definition): string {
  return `${definition.family}:${definition.revision}`;
}

/** The number at the end of a revision's name or ARN; 0 where there is none. */
export function numberOf(name: string): number {
  return Number(/:(\d+)$/.exec(name)?.[1] ?? 0);
}

/**
 * Reads a release back from its revision.
 * @throws MissingResourceError when the tags of a release are not on it: somebody else registered it.
 */
export function readRelease({ definition, tags }: Definition, container: string): Release {
  const tag = (key: OwnTag): string => tags.find((one) => one.key === key)?.value ?? '';
  const { taskDefinitionArn: arn = '', registeredAt, containerDefinitions = [], status } = definition;
  const releasedAt = Date.parse(tag('released-at'));
  if (!tag('commit') || !tag('digest') || Number.isNaN(releasedAt)) {
    throw new MissingResourceError(
      `${arn} lacks the tags commit, digest or released-at: ` +
        'something else registered it in the family of the releases; deregister it',
    );
  }
  const number = numberOf(arn);
  const ended = COMMAND_ENDS.find((end) => end === tag(END_TAG));
  return {
    arn,
    number,
    // Releases of versions before this tag followed each other one by one.
    follows: tag('follows') ? Number(tag('follows')) : number - 1,
    active: status !== 'INACTIVE' && status !== 'DELETE_IN_PROGRESS',
    commit: tag('commit'),
    digest: tag('digest'),
    uri: containerDefinitions.find(({ name }) => name === container)?.image ?? '',
    template: tag('template'),
    releasedAt,
    cause: tag('cause') === 'requested' ? 'requested' : 'pushed',
    registeredAt: registeredAt?.getTime() ?? NaN,
    restartAt: tag('restart-at') ? Date.parse(tag('restart-at')) : 0,
    ...(tag('restarts') ? { restarts: tag('restarts') } : {}),
    deployed: tag('deployed') || arn,
    ...(tag('command-template') ? { commandTemplate: tag('command-template') } : {}),
    ...(ended ? { commandEnd: ended } : {}),
  };
}

/** A source's own tags. AWS reserves the prefix `aws:` for itself and refuses it in a request. */
function carriedTags({ tags }: Definition): Tag[] {
  const own = new Set<string>([...OWN_TAGS, ...COMMAND_TAGS]);
  return tags.filter(({ key = '' }) => !key.startsWith('aws:') && !own.has(key));
}
