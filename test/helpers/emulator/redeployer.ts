import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../root.ts';
import { ACCOUNT, call, query, REGION, rest } from './aws.ts';
import { createFunction } from './function.ts';

const GROUP = { SqsParameters: { MessageGroupId: 'redeployer' } };

/** A service that the redeployer releases; its container is called `app`. */
export interface Served {
  service: string;
  cluster: string;
  repository: string;
  secretArns: string[];
  releaseCommand?: {
    subnets: string[];
    securityGroups: string[];
    assignPublicIp: boolean;
    timeoutSeconds: number;
  };
}

const patterns = (repositories: string[]) => ({
  pushed: { source: ['aws.ecr'], detail: { 'action-type': ['PUSH'], 'repository-name': repositories } },
  ended: {
    source: ['aws.ecs'],
    detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED'] },
  },
  'command-ended': {
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: { lastStatus: ['STOPPED'] },
  },
  requested: { source: ['slipway'], 'detail-type': ['Release Requested', 'Restart Requested'] },
  rotated: { source: ['aws.secretsmanager'], detail: { eventName: ['RotationSucceeded'] } },
});

/**
 * The redeployer as it is shipped, with its rules, queues and topic: made with AWS's own API, as Terraform makes it.
 *
 * @param options.visibility seconds until a message that failed is tried again
 * @param options.receives how often, before it goes to the dead-letter queue
 * @param options.delivers whether EventBridge may write to the queue
 */
export async function createRedeployer(
  url: string,
  services: Served[],
  { visibility = 2, receives = 3, delivers = true } = {},
) {
  const queues = await createQueues(url, visibility, receives, delivers);
  const topic = /<TopicArn>(.*?)</.exec(
    await query(url, 'sns', { Action: 'CreateTopic', Name: 'outcomes', Version: '2010-03-31' }),
  )?.[1] as string;
  await createRules(
    url,
    queues.arn,
    services.map(({ repository }) => repository),
  );
  await createLambda(url, topic, services, queues.arn);
  return { queues, topic };
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

async function createRules(url: string, queue: string, repositories: string[]): Promise<void> {
  const rules = [
    ...Object.entries(patterns(repositories)).map(([Name, pattern]) => ({
      Name,
      EventPattern: JSON.stringify(pattern),
    })),
    { Name: 'schedule', ScheduleExpression: 'rate(15 minutes)' },
  ];
  const dead = { DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:undelivered` } };
  for (const rule of rules) {
    await call(url, 'events', 'AWSEvents.PutRule', rule);
    const Targets = [{ Id: 'queue', Arn: queue, ...GROUP, ...dead }];
    await call(url, 'events', 'AWSEvents.PutTargets', { Rule: rule.Name, Targets });
  }
}

async function createLambda(url: string, topic: string, services: Served[], queue: string): Promise<void> {
  const served = services.map((one) => ({ ...one, container: 'app', minimumTasks: 1 }));
  await createFunction(url, 'redeployer', await readFile(path.join(ROOT, 'redeployer/dist/redeployer.zip')), {
    timeout: 30,
    variables: { OUTCOME_TOPIC_ARN: topic, SERVICES: JSON.stringify(served) },
  });
  const mapping = {
    FunctionName: 'redeployer',
    EventSourceArn: queue,
    BatchSize: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  };
  await rest(url, 'lambda', 'POST', '/2015-03-31/event-source-mappings', JSON.stringify(mapping));
}
