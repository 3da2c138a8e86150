import { CreateRepositoryCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ACCOUNT, call, clientsOf, control, query, REGION, rest } from './aws.ts';
import { createService, findNetwork, registerTaskDefinition, seenByScheduler } from './service.ts';

const SERVICE = 'slipway-test';
const GROUP = { SqsParameters: { MessageGroupId: 'redeployer' } };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/redeployer`;

const PATTERNS = {
  pushed: { source: ['aws.ecr'], detail: { 'action-type': ['PUSH'], 'repository-name': [SERVICE] } },
  ended: {
    source: ['aws.ecs'],
    detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED'] },
  },
  requested: { source: ['slipway'], 'detail-type': ['Release Requested', 'Restart Requested'] },
  rotated: { source: ['aws.secretsmanager'], detail: { eventName: ['RotationSucceeded'] } },
};

/** Waits until a second begins. */
export async function nextSecond(): Promise<void> {
  await delay(1000 - (Date.now() % 1000));
}

/** A 40-digit commit, the same digit throughout. */
export function commitOf(digit: string): string {
  return digit.repeat(40);
}

/** The redeployer's whole environment in an emulator: made with AWS's own API, as Terraform makes it. */
export async function buildWorld(url: string, { visibility = 2, receives = 3, delivers = true } = {}) {
  const { ecr, ecs } = clientsOf(url);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: SERVICE, imageTagMutability: 'IMMUTABLE' }));
  const secretArn = await createSecret(url);
  await registerTaskDefinition(ecs, `${SERVICE}-template`, {
    secrets: [{ name: 'DB_PASSWORD', valueFrom: `${secretArn}:password::` }],
  });
  const service = await createService(ecs, await findNetwork(url), {
    serviceName: SERVICE,
    taskDefinition: `${SERVICE}-template`,
    desiredCount: 0,
  });
  const queues = await createQueues(url, visibility, receives, delivers);
  const topic = /<TopicArn>(.*?)</.exec(
    await query(url, 'sns', { Action: 'CreateTopic', Name: 'outcomes', Version: '2010-03-31' }),
  )?.[1] as string;
  await createRules(url, queues.arn);
  await createFunction(url, topic, secretArn, queues.arn);

  const complete = async () => {
    const { primary } = await seenByScheduler(url, service);
    await control(url, 'deployments/complete', { service, deployment: primary.id });
  };
  return {
    ecr,
    ecs,
    service,
    secretArn,
    queues,
    complete,
    fail: async (reason: string) => {
      const { primary } = await seenByScheduler(url, service);
      await control(url, 'deployments/fail', { service, deployment: primary.id, reason });
    },
    /** Pushes in a second of its own, for ECR dates pushes in whole seconds and the redeployer compares them. */
    push: async (tag: string | undefined, content = tag ?? 'untagged') => {
      await nextSecond();
      const imageManifest = manifestOf(content);
      return ecr.send(new PutImageCommand({ repositoryName: SERVICE, imageTag: tag, imageManifest }));
    },
    /** The outcomes that the redeployer published, oldest first. */
    outcomes: async () => {
      const found = await control<{ publishes: { message: string }[] }>(url, `publishes?topic=${topic}`);
      return found.publishes.map(({ message }) => JSON.parse(message) as { commit: string; outcome: string });
    },
    /** The events that the emulator sent, by their detail-type, with what became of them. */
    events: async (type: string) => {
      const found = await control<{ events: SentEvent[] }>(url, 'events');
      return found.events.filter(({ event }) => event['detail-type'] === type);
    },
    invoke: (body: object) =>
      rest(url, 'lambda', 'POST', `${FUNCTIONS}/redeployer/invocations`, JSON.stringify(body)),
    ruleArn: (name: string) => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`,
  };
}

export interface SentEvent {
  event: { id: string; 'detail-type': string; detail: Record<string, unknown> };
  deliveries: { rule: string; target: string; error: string | null }[];
}

const FUNCTIONS = '/2015-03-31/functions';

/** A manifest whose digest depends on `content`. */
function manifestOf(content: string): string {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: content, size: 1 };
  return JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
}

async function createSecret(url: string): Promise<string> {
  const { ARN } = await call<{ ARN: string }>(url, 'secretsmanager', 'secretsmanager.CreateSecret', {
    Name: 'database',
    SecretString: JSON.stringify({ username: 'slipway', password: 'first' }),
  });
  return ARN;
}

async function createQueues(url: string, visibility: number, receives: number, delivers: boolean) {
  const create = async (QueueName: string, Attributes: Record<string, string>) => {
    const { QueueUrl } = await call<{ QueueUrl: string }>(url, 'sqs', 'AmazonSQS.CreateQueue', {
      QueueName,
      Attributes,
    });
    return { url: QueueUrl, arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}` };
  };
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  const dead = await create('dead.fifo', fifo);
  const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:redeployer.fifo`;
  const queue = await create('redeployer.fifo', {
    ...fifo,
    VisibilityTimeout: String(visibility),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: receives }),
    ...(delivers ? { Policy: policyFor(arn) } : {}),
  });
  const undeliveredArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:undelivered`;
  const undelivered = await create('undelivered', { Policy: policyFor(undeliveredArn) });
  return { arn, url: queue.url, dead: dead.url, undelivered: undelivered.url };
}

function policyFor(arn: string): string {
  const condition = { ArnLike: { 'aws:SourceArn': `arn:aws:events:${REGION}:${ACCOUNT}:rule/*` } };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: condition,
      },
    ],
  });
}

async function createRules(url: string, queue: string): Promise<void> {
  const rules = [
    ...Object.entries(PATTERNS).map(([Name, pattern]) => ({ Name, EventPattern: JSON.stringify(pattern) })),
    { Name: 'schedule', ScheduleExpression: 'rate(15 minutes)' },
  ];
  const dead = { DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:undelivered` } };
  for (const rule of rules) {
    await call(url, 'events', 'AWSEvents.PutRule', rule);
    const Targets = [{ Id: 'queue', Arn: queue, ...GROUP, ...dead }];
    await call(url, 'events', 'AWSEvents.PutTargets', { Rule: rule.Name, Targets });
  }
}

async function createFunction(url: string, topic: string, secretArn: string, queue: string): Promise<void> {
  const zip = await readFile(path.resolve(import.meta.dirname, '../../../../redeployer/dist/redeployer.zip'));
  await query(url, 'iam', {
    Action: 'CreateRole',
    RoleName: 'redeployer',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    Version: '2010-05-08',
  });
  const served = {
    service: SERVICE,
    cluster: 'main',
    repository: SERVICE,
    container: 'app',
    minimumTasks: 1,
    secretArns: [secretArn],
  };
  const settings = {
    FunctionName: 'redeployer',
    Role: ROLE,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: 30,
    Code: { ZipFile: zip.toString('base64') },
    Environment: { Variables: { OUTCOME_TOPIC_ARN: topic, SERVICES: JSON.stringify([served]) } },
  };
  await rest(url, 'lambda', 'POST', FUNCTIONS, JSON.stringify(settings));
  const mapping = {
    FunctionName: 'redeployer',
    EventSourceArn: queue,
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  };
  await rest(url, 'lambda', 'POST', '/2015-03-31/event-source-mappings', JSON.stringify(mapping));
}
