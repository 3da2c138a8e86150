import { type RolloutDetail, wholeSeconds } from './ecs.ts';

/** EventBridge envelopes in the shapes of `test/events/*.json`, for tests that need many. */

export function pushed(tag: string, at: number, repository = 'slipway', result = 'SUCCESS') {
  const detail = {
    'action-type': 'PUSH',
    result,
    'repository-name': repository,
    'image-digest': 'sha256:1',
    'image-tag': tag,
  };
  return envelope('aws.ecr', 'ECR Image Action', at, detail);
}

export function releaseRequested(commit: string, at: number, service = 'slipway') {
  return envelope('slipway', 'Release Requested', at, { service, commit });
}

export function restartRequested(at: number, service = 'slipway') {
  return envelope('slipway', 'Restart Requested', at, { service });
}

export function reconcileRequested(service = 'slipway') {
  return { source: 'slipway', 'detail-type': 'Reconcile Requested', detail: { service } };
}

export function rotated(secret: string, at: number) {
  const detail = { eventName: 'RotationSucceeded', additionalEventData: { SecretId: secret } };
  return envelope('aws.secretsmanager', 'AWS Service Event via CloudTrail', at, detail);
}

export function scheduled(at: number) {
  return envelope('aws.events', 'Scheduled Event', at, {});
}

export function rolloutChanged(detail: RolloutDetail, at: number, account = '111122223333') {
  const resources = [`arn:aws:ecs:eu-central-1:${account}:service/main/slipway`];
  return { ...envelope('aws.ecs', 'ECS Deployment State Change', at, detail), resources };
}

export function taskChanged(detail: object, at: number) {
  return envelope('aws.ecs', 'ECS Task State Change', at, detail);
}

function envelope(source: string, type: string, at: number, detail: object) {
  return { version: '0', source, 'detail-type': type, time: wholeSeconds(at), resources: [], detail };
}
