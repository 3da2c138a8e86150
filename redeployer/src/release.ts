import type { RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { MissingResourceError } from './errors.ts';
import type { Cause, Image, Release, ServedService } from './model.ts';
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

/**
 * Makes a release out of the template: everything is carried over, one container's image is replaced.
 * @throws MissingResourceError when the template has no container of the configured name.
 */
export function releaseInput(
  served: ServedService,
  template: Definition,
  image: Omit<Image, 'pushedAt'>,
  cause: Cause,
  releasedAt: number,
): RegisterTaskDefinitionCommandInput {
  const { container, service } = served;
  const containers = template.definition.containerDefinitions ?? [];
  const names = containers.map(({ name }) => name);
  if (!names.includes(container)) {
    throw new MissingResourceError(
      `${templateName(template)} has no container ${container} but ${names.join(', ')}: ` +
        'look at `container` in SERVICES',
    );
  }
  const carried = Object.fromEntries(
    Object.entries(template.definition).filter(([field]) => !ANSWER_ONLY.has(field)),
  );
  return {
    ...carried,
    family: service,
    containerDefinitions: containers.map((one) =>
      one.name === container ? { ...one, image: image.uri } : one,
    ),
    tags: mergeTags(template.tags, {
      commit: image.commit,
      digest: image.digest,
      template: templateName(template),
      ...choiceTags(cause, releasedAt),
    }),
  };
}

/** The tags that keep which choice a release stands for. */
export function choiceTags(cause: Cause, releasedAt: number): Record<string, string> {
  return { cause, 'released-at': new Date(releasedAt).toISOString() };
}

export function toTags(values: Record<string, string>): Tag[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** `family:revision`, as it is kept in the tag `template`. */
export function templateName({ definition }: Definition): string {
  return `${definition.family}:${definition.revision}`;
}

/**
 * Reads a release back from its revision.
 * @throws MissingResourceError when the tags of a release are not on it: somebody else registered it.
 */
export function readRelease({ definition, tags }: Definition, container: string): Release {
  const tag = (key: string): string => tags.find((one) => one.key === key)?.value ?? '';
  const { taskDefinitionArn: arn = '', registeredAt, containerDefinitions = [] } = definition;
  const releasedAt = Date.parse(tag('released-at'));
  if (!tag('commit') || !tag('digest') || Number.isNaN(releasedAt)) {
    throw new MissingResourceError(
      `${arn} lacks the tags commit, digest or released-at: ` +
        'something else registered it in the family of the releases; deregister it',
    );
  }
  return {
    arn,
    commit: tag('commit'),
    digest: tag('digest'),
    uri: containerDefinitions.find(({ name }) => name === container)?.image ?? '',
    template: tag('template'),
    releasedAt,
    cause: tag('cause') === 'requested' ? 'requested' : 'pushed',
    registeredAt: registeredAt?.getTime() ?? NaN,
  };
}

/** AWS reserves the prefix `aws:` for itself and refuses it in a request. */
function mergeTags(templateTags: Tag[], own: Record<string, string>): Tag[] {
  const carried = templateTags.filter(({ key = '' }) => !key.startsWith('aws:') && !(key in own));
  return [...carried, ...toTags(own)];
}
