import type { Service, ServiceDeploymentBrief, ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import type { Aws } from './aws.ts';
import { SKEW_MS } from './clocks.ts';
import { ContradictoryViewError, MissingTemplateError, UnsupportedSettingError } from './errors.ts';
import { findNewest, findRelease, type Found, hasSucceededBefore, type Newest } from './find-release.ts';
import {
  commandFamily,
  type Observation,
  type Progress,
  type Release,
  type ServedService,
  type Trigger,
} from './model.ts';
import { observeTasks } from './observe-tasks.ts';
import { type Definition, describeService, describeTaskDefinition } from './ports/ecs.ts';
import { listImages } from './ports/ecr.ts';
import { listDeployments, taskDefinitionsOf } from './ports/history.ts';
import { assertReleasable, numberOf, templateName } from './release.ts';

/** ECS keeps 90 days; ten are left out so that a release is never judged by a history already cut off. */
const HISTORY_MS = 80 * 24 * 60 * 60 * 1000;

/** Whoever pauses a service puts this tag on it first, and takes it off last. */
const PAUSED_TAG = 'paused';

/** @param service described with its tags. */
export function isPaused({ tags = [] }: Service): boolean {
  return tags.some(({ key }) => key === PAUSED_TAG);
}

/** What a decision is made from, and what carrying it out needs besides. */
export interface Observed {
  seen: Observation;
  template: Definition;
  /** Without it the service has no release command. */
  commandTemplate: Definition | undefined;
  newest: Found | undefined;
  running: Found | undefined;
  service: Service;
  /** The highest number of the family that was seen; a release has to follow it directly. */
  highest: number;
}

/**
 * Looks at the registry, the template, the newest release and the service; at the deployment history
 * only where those leave a doubt. Reads only. AWS may answer with what was true a moment ago, so answers that
 * do not fit together are no view to act on.
 * @throws ContradictoryViewError when they do not; MissingTemplateError when there is no template (at this moment).
 * @throws UnsupportedSettingError or MissingResourceError when the setup rules a release out; else see `call`.
 */
export async function observe(aws: Aws, served: ServedService, trigger: Trigger): Promise<Observed> {
  const { clients, signal } = aws;
  const [images, template, commandTemplate, found, service] = await Promise.all([
    listImages(clients.ecr, served.repository, signal),
    findTemplate(aws, served, served.service),
    served.releaseCommand && findTemplate(aws, served, commandFamily(served)),
    findNewest(aws, served),
    describeService(clients.ecs, served, signal),
  ]);
  const rolloutState = rolloutStateOf(service);
  const { taskDefinition = '' } = service;
  // A service that never ran stands on its template, which is no release.
  const running =
    found.newest?.release.arn === taskDefinition
      ? found.newest
      : await findRelease(aws, served, taskDefinition);
  const { newest, highest } = withRunning(found, running);
  assertNotOlder(template, newest?.release.template);
  if (commandTemplate) assertNotOlder(commandTemplate, newest?.release.commandTemplate);
  const history = newest && (await historyOf(aws, served, newest.release, service));
  // No release command runs once the newest release is further than this.
  const isOpen = newest && history?.progress === 'never deployed';
  const command = commandTemplate && {
    template: templateName(commandTemplate),
    ...(isOpen ? await observeTasks(aws, served, newest.release, trigger) : {}),
    succeededBefore:
      trigger.kind === 'release' &&
      (await hasSucceededBefore(aws, served, trigger.commit, [newest, running], highest)),
  };
  return {
    template,
    commandTemplate,
    newest,
    running,
    service,
    highest,
    seen: {
      images,
      template: templateName(template),
      newest: newest && history && { ...newest.release, progress: history.progress },
      running: running?.release,
      busy: rolloutState === 'IN_PROGRESS' || (history?.busy ?? false),
      paused: isPaused(service),
      ...(command ? { command } : {}),
    },
  };
}

async function findTemplate(
  { clients, signal }: Aws,
  served: ServedService,
  family: string,
): Promise<Definition> {
  const template = await describeTaskDefinition(clients.ecs, `${family}-template`, signal);
  if (!template) throw new MissingTemplateError(`${family}-template`);
  assertReleasable(served, template);
  return template;
}

function assertNotOlder(template: Definition, known = ''): void {
  if (numberOf(templateName(template)) < numberOf(known)) {
    throw new ContradictoryViewError(
      `The newest release is of ${known}, but ${templateName(template)} is said to be the newest`,
    );
  }
}

/**
 * A newest release that somebody deregistered is no longer found by its family, though it still runs.
 * @throws ContradictoryViewError when the service stands on one that its family should have found.
 */
function withRunning(found: Newest, running: Found | undefined): Newest {
  if (!running) return found;
  const { newest, highest } = found;
  // Nor does a release count that was decided on without knowing of what runs.
  const overtook = newest && newest.release.follows < running.release.number;
  if (overtook && running.release.number < newest.release.number) return { newest: running, highest };
  if (running.release.number <= highest) return found;
  if (!running.release.active) return { newest: running, highest: running.release.number };
  throw new ContradictoryViewError(
    `${running.release.arn} runs, but release ${highest} is said to be the newest`,
  );
}

/**
 * Rolling updates alone have a rollout state: without it a deployment in flight would look as if it were over.
 * @throws UnsupportedSettingError for any other kind of deployment.
 */
function rolloutStateOf({
  serviceName,
  deploymentController,
  deploymentConfiguration,
  deployments,
}: Service) {
  const controller = deploymentController?.type ?? 'ECS';
  const strategy = deploymentConfiguration?.strategy ?? 'ROLLING';
  if (controller !== 'ECS' || strategy !== 'ROLLING') {
    throw new UnsupportedSettingError(
      `The service ${serviceName} deploys by ${controller}, ${strategy}: the redeployer knows rolling updates ` +
        '(ECS, ROLLING) only',
    );
  }
  const primary = deployments?.find(({ status }) => status === 'PRIMARY');
  if (!primary?.rolloutState) {
    throw new UnsupportedSettingError(`ECS tells no rollout state of the service ${serviceName}`);
  }
  return primary.rolloutState;
}

/** How far the newest release got, and whether ECS's history has a deployment in flight. */
async function historyOf(
  aws: Aws,
  served: ServedService,
  newest: Release,
  service: Service,
): Promise<{ progress: Progress; busy: boolean }> {
  const { taskDefinition = '' } = service;
  if (newest.deployed === taskDefinition) {
    return { progress: progressBy(rolloutStateOf(service)), busy: false };
  }
  const deployed =
    newest.deployed === newest.arn ? newest : (await findRelease(aws, served, newest.deployed))?.release;
  const registeredAt = deployed?.registeredAt ?? newest.registeredAt;
  // Nothing deploys a release before it is registered, and what an earlier service of the name did is not this one's.
  const since = Math.max(registeredAt, createdAtOf(service)) - SKEW_MS;
  const listed = await listDeployments(aws.clients.ecs, served, since, aws.signal);
  const revisions = [...new Set(listed.flatMap((one) => one.targetServiceRevisionArn ?? []))];
  const targets = await taskDefinitionsOf(aws.clients.ecs, revisions, aws.signal);
  const targetOf = (one: ServiceDeploymentBrief) => targets.get(one.targetServiceRevisionArn ?? '') ?? '';
  const [last] = listed;
  assertFits(last && { status: last.status, target: targetOf(last) }, taskDefinition);
  const own = listed.find((one) => targetOf(one) === newest.deployed);
  return {
    progress: own ? progressIn(own.status) : progressWithout(aws, service, newest),
    busy: isInFlight(last?.status),
  };
}

/** @throws ContradictoryViewError when the service does not stand on what was deployed last. */
function assertFits(
  last: { status: ServiceDeploymentStatus | undefined; target: string } | undefined,
  taskDefinition: string,
): void {
  if (!last) return;
  const { status, target } = last;
  const stands = status === 'PENDING' || status === 'IN_PROGRESS' || status === 'SUCCESSFUL';
  if (stands && target !== taskDefinition) {
    throw new ContradictoryViewError(
      `The deployment of ${target} is ${status}, but the service stands on ${taskDefinition}`,
    );
  }
}

function progressBy(state: string): Progress {
  if (state === 'IN_PROGRESS') return 'in flight';
  return state === 'FAILED' ? 'failed' : 'completed';
}

function progressIn(status: ServiceDeploymentStatus | undefined): Progress {
  return status === 'SUCCESSFUL' ? 'completed' : 'failed';
}

/** A service that is younger than the release has no older history that could be cut off. */
function progressWithout(aws: Aws, service: Service, { registeredAt, commandEnd }: Release): Progress {
  if (commandEnd === 'failed') return 'failed';
  return createdAtOf(service) > registeredAt || aws.now() - registeredAt <= HISTORY_MS
    ? 'never deployed'
    : 'forgotten';
}

function createdAtOf({ createdAt }: Service): number {
  return createdAt?.getTime() ?? -Infinity;
}

function isInFlight(status: ServiceDeploymentStatus | undefined): boolean {
  return /^(PENDING|IN_PROGRESS|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS)$/.test(status ?? '');
}
