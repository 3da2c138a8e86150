import { MissingResourceError, UnreadableMessageError } from '../errors.ts';
import { COMMIT, commandFamily, type ServedService, type Trigger } from '../model.ts';
import type { Envelope } from './envelope.ts';

/** What ECS said about the end of a deployment; `at` in milliseconds. */
export interface RolloutEvent {
  serviceArn: string;
  failed: boolean;
  /** ECS's own id, which two deployments can share. */
  deployment: string;
  reason: string;
  at: number;
}

/** What a message asks for: services to look at, a rollout that ended, or nothing and why. */
export type Instruction =
  | { kind: 'trigger'; triggers: Trigger[] }
  | { kind: 'rollout'; service: string; event: RolloutEvent }
  | { kind: 'ignore'; reason: string };

/**
 * Turns an event into an instruction. Pure: it looks at nothing but its arguments.
 * @param receivedAt when the event came. Nobody asks for anything later than that, whatever the event says.
 * @throws MissingResourceError when a person asks for a service that `SERVICES` does not name.
 * @throws UnreadableMessageError when a rotation names no secret.
 */
export function interpret(event: Envelope, services: ServedService[], receivedAt: number): Instruction {
  switch (event['detail-type']) {
    case 'ECR Image Action':
      return ofPush(event.detail, services);
    case 'ECS Deployment State Change':
      return ofRollout(event, services);
    case 'ECS Task State Change':
      return ofTask(event.detail, services);
    case 'Release Requested': {
      const { service, commit } = event.detail;
      requireServed(service, services);
      return {
        kind: 'trigger',
        triggers: [{ kind: 'release', service, commit, at: Math.min(event.time, receivedAt) }],
      };
    }
    case 'Restart Requested': {
      const { service } = event.detail;
      requireServed(service, services);
      return {
        kind: 'trigger',
        triggers: [{ kind: 'restart', service, at: Math.min(event.time, receivedAt) }],
      };
    }
    case 'Reconcile Requested': {
      const { service } = event.detail;
      if (service === undefined) return triggerAll(services);
      requireServed(service, services);
      return { kind: 'trigger', triggers: [{ kind: 'reconcile', service }] };
    }
    case 'Scheduled Event':
      return triggerAll(services);
    default:
      return ofRotation(event, services, receivedAt);
  }
}

type Detail<Type extends Envelope['detail-type']> = Extract<Envelope, { 'detail-type': Type }>;

function ofPush(detail: Detail<'ECR Image Action'>['detail'], services: ServedService[]): Instruction {
  const repository = detail['repository-name'];
  const tag = detail['image-tag'];
  const served = services.filter((one) => one.repository === repository);
  if (served.length === 0) return ignore(`no served service uses the repository ${repository}`);
  if (detail['action-type'] !== 'PUSH') return ignore(`${detail['action-type']} is not a push`);
  if (detail.result !== 'SUCCESS') return ignore(`the push ended with ${detail.result}`);
  if (tag === '') return ignore('the image has no tag: a part of an index, or an attestation');
  if (!COMMIT.test(tag)) return ignore(`the tag ${tag} is not a commit of 40 digits`);
  return {
    kind: 'trigger',
    triggers: served.map(({ service }) => ({ kind: 'reconcile', service, pushed: tag })),
  };
}

function ofRollout(event: Detail<'ECS Deployment State Change'>, services: ServedService[]): Instruction {
  const arn = event.resources[0];
  const { eventName: name, deploymentId: deployment, reason } = event.detail;
  const found = services.find((one) => arn.endsWith(`:service/${lastOf(one.cluster)}/${one.service}`));
  if (!found) return ignore(`${arn} is not a served service`);
  if (name !== 'SERVICE_DEPLOYMENT_COMPLETED' && name !== 'SERVICE_DEPLOYMENT_FAILED') {
    return ignore(`${name} is not the end of a rollout`);
  }
  // Not its `updatedAt`, which may be the moment that the deployment began.
  const rollout = {
    serviceArn: arn,
    failed: name === 'SERVICE_DEPLOYMENT_FAILED',
    deployment,
    reason,
    at: event.time,
  };
  return { kind: 'rollout', service: found.service, event: rollout };
}

function ofTask(detail: Detail<'ECS Task State Change'>['detail'], services: ServedService[]): Instruction {
  const { clusterArn, group, lastStatus, taskArn: ended } = detail;
  const found = services.find(
    (one) =>
      group === `family:${commandFamily(one)}` && clusterArn.endsWith(`:cluster/${lastOf(one.cluster)}`),
  );
  if (!found) return ignore(`${group} is not a release command of a served service`);
  if (lastStatus !== 'STOPPED') return ignore(`a release command is ${lastStatus}`);
  return { kind: 'trigger', triggers: [{ kind: 'reconcile', service: found.service, ended }] };
}

function ofRotation(
  event: Detail<'AWS API Call via CloudTrail' | 'AWS Service Event via CloudTrail'>,
  services: ServedService[],
  receivedAt: number,
): Instruction {
  const { eventName, eventTime, additionalEventData } = event.detail;
  if (eventName !== 'RotationSucceeded') return ignore(`${eventName} is not a finished rotation`);
  const secret = additionalEventData?.SecretId;
  if (!secret)
    throw new UnreadableMessageError('The rotation names no secret in additionalEventData.SecretId');
  const users = services.filter(({ secretArns }) => secretArns.includes(secret));
  if (users.length === 0) return ignore(`no served service uses the secret ${secret}`);
  const at = Math.min(eventTime ?? event.time, receivedAt);
  return { kind: 'trigger', triggers: users.map(({ service }) => ({ kind: 'restart', service, at })) };
}

function triggerAll(services: ServedService[]): Instruction {
  return { kind: 'trigger', triggers: services.map(({ service }) => ({ kind: 'reconcile', service })) };
}

function requireServed(service: string, services: ServedService[]): void {
  const names = services.map((one) => one.service);
  if (!names.includes(service)) {
    throw new MissingResourceError(`SERVICES names no service ${service}; it names ${names.join(', ')}`);
  }
}

function ignore(reason: string): Instruction {
  return { kind: 'ignore', reason };
}

/** The name at the end of a cluster's ARN, or the name itself. */
function lastOf(cluster: string): string {
  return cluster.slice(cluster.lastIndexOf('/') + 1);
}
