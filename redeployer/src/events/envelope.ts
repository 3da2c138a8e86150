import * as v from 'valibot';
import { UnreadableMessageError } from '../errors.ts';
import { COMMIT } from '../model.ts';

const time = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Date.parse(text)),
);

const commit = v.pipe(v.string(), v.regex(COMMIT, 'a commit has 40 hexadecimal digits'));

// Loose on purpose: AWS adds fields to its events, and only the ones read here matter.
const Event = v.variant('detail-type', [
  v.object({
    'detail-type': v.literal('ECR Image Action'),
    source: v.literal('aws.ecr'),
    detail: v.object({
      'action-type': v.string(),
      result: v.string(),
      'repository-name': v.string(),
      'image-tag': v.optional(v.string(), ''),
    }),
  }),
  v.object({
    'detail-type': v.literal('ECS Deployment State Change'),
    source: v.literal('aws.ecs'),
    time,
    resources: v.tuple([v.string()]),
    detail: v.object({
      eventName: v.string(),
      deploymentId: v.string(),
      reason: v.optional(v.string(), ''),
    }),
  }),
  v.object({
    'detail-type': v.literal('ECS Task State Change'),
    source: v.literal('aws.ecs'),
    detail: v.object({
      clusterArn: v.string(),
      group: v.optional(v.string(), ''),
      lastStatus: v.string(),
      taskArn: v.string(),
    }),
  }),
  v.object({
    'detail-type': v.literal('Release Requested'),
    source: v.literal('slipway'),
    time,
    detail: v.object({ service: v.string(), commit }),
  }),
  v.object({
    'detail-type': v.literal('Restart Requested'),
    source: v.literal('slipway'),
    time,
    detail: v.object({ service: v.string() }),
  }),
  v.object({
    'detail-type': v.literal('Reconcile Requested'),
    source: v.literal('slipway'),
    detail: v.optional(v.object({ service: v.optional(v.string()) }), {}),
  }),
  v.object({
    'detail-type': v.picklist(['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail']),
    source: v.literal('aws.secretsmanager'),
    time,
    detail: v.object({
      eventName: v.string(),
      eventTime: v.optional(time),
      additionalEventData: v.optional(v.object({ SecretId: v.optional(v.string()) })),
    }),
  }),
  v.object({ 'detail-type': v.literal('Scheduled Event'), source: v.literal('aws.events') }),
]);

export type Envelope = v.InferOutput<typeof Event>;

/**
 * Reads an EventBridge envelope.
 * @throws UnreadableMessageError when the shape is none that the redeployer knows.
 */
export function readEnvelope(json: unknown): Envelope {
  const parsed = v.safeParse(Event, json);
  if (parsed.success) return parsed.output;
  const mistakes = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw new UnreadableMessageError(`The event cannot be understood: ${mistakes.join('; ')}`);
}

/**
 * Reads the body of a queue message.
 * @throws UnreadableMessageError when it is not JSON or no known event.
 */
export function readBody(body: string): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw new UnreadableMessageError('The message is not JSON', { cause });
  }
  return readEnvelope(json);
}
