import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { listImages } from '../src/ports/ecr.ts';
import {
  deployTaskDefinition,
  describeService,
  describeTaskDefinition,
  registerTaskDefinition,
} from '../src/ports/ecs.ts';
import { listDeployments, taskDefinitionsOf } from '../src/ports/history.ts';
import { publishOutcome } from '../src/ports/sns.ts';
import { findTasks, runTask } from '../src/ports/tasks.ts';
import { commitOf, SERVED, TOPIC } from './fake/world.ts';

const settings = { region: 'eu-central-1' };
const ecr = new ECRClient(settings);
const ecs = new ECSClient(settings);
const sns = new SNSClient(settings);
const ecrMock = mockClient(ecr);
const ecsMock = mockClient(ecs);
const snsMock = mockClient(sns);
const signal = new AbortController().signal;

beforeEach(() => {
  ecrMock.reset();
  ecsMock.reset();
  snsMock.reset();
});

function failure(name: string, message: string, status: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

function deployment(serviceDeploymentArn: string, second: number) {
  return { serviceDeploymentArn, createdAt: new Date(second * 1000) };
}

function task(number: number): string {
  return `arn:aws:ecs:eu-central-1:111122223333:task/main/${number}`;
}

function start(): Promise<void> {
  const command = {
    subnets: ['subnet-1'],
    securityGroups: ['sg-1'],
    assignPublicIp: true,
    timeoutSeconds: 900,
  };
  const once = { startedBy: 'release/2', once: 'arn:slipway:2' };
  return runTask(ecs, SERVED, command, 'arn:slipway-release-command:3', once, signal);
}

describe('listImages', () => {
  const pushedAt = new Date('2026-03-01T12:00:00Z');
  const detail = { registryId: '111122223333', imagePushedAt: pushedAt };

  test('reads every page and keeps the tags that are commits', async () => {
    const tags = [commitOf(1), 'latest', 'v1.2.3', commitOf(1).toUpperCase().replaceAll('0', 'A')];
    ecrMock
      .on(DescribeImagesCommand)
      .resolvesOnce({
        imageDetails: [{ ...detail, imageDigest: 'sha256:a', imageTags: tags }],
        nextToken: 'more',
      })
      .resolvesOnce({
        imageDetails: [
          { ...detail, imageDigest: 'sha256:b', imageTags: [commitOf(2)] },
          { ...detail, imageDigest: 'sha256:c' },
          { ...detail, imageDigest: 'sha256:d', imageTags: [commitOf(3)], imageStatus: 'ARCHIVED' },
        ],
      });

    const images = await listImages(ecr, 'slipway', signal);

    const registry = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';
    expect(images).toEqual([
      { commit: commitOf(1), digest: 'sha256:a', uri: `${registry}/slipway@sha256:a`, pushedAt: +pushedAt },
      { commit: commitOf(2), digest: 'sha256:b', uri: `${registry}/slipway@sha256:b`, pushedAt: +pushedAt },
    ]);
    expect(ecrMock.commandCalls(DescribeImagesCommand)[1]?.args[0].input).toMatchObject({
      nextToken: 'more',
    });
  });

  test('knows the registries of China', async () => {
    const china = new ECRClient({ region: 'cn-north-1' });
    const image = { ...detail, imageDigest: 'sha256:a', imageTags: [commitOf(1)] };
    mockClient(china)
      .on(DescribeImagesCommand)
      .resolves({ imageDetails: [image] });

    const [found] = await listImages(china, 'slipway', signal);

    expect(found?.uri).toBe('111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/slipway@sha256:a');
  });

  test('a missing repository is named, with the setting to look at', async () => {
    ecrMock.on(DescribeImagesCommand).rejects(failure('RepositoryNotFoundException', 'no', 400));

    await expect(listImages(ecr, 'slipway', signal)).rejects.toMatchObject({
      name: 'MissingResourceError',
      message: 'ecr:DescribeImages: repository slipway does not exist: look at `repository` in SERVICES',
    });
  });
});

describe('describeService', () => {
  test.each([
    ['missing', []],
    ['inactive', [{ status: 'INACTIVE' }]],
  ])('a %s service is named', async (_, services) => {
    ecsMock.on(DescribeServicesCommand).resolves({ services });

    await expect(describeService(ecs, SERVED, signal)).rejects.toThrow(
      'There is no active service main/slipway: look at SERVICES',
    );
  });

  test('a missing cluster is named', async () => {
    ecsMock
      .on(DescribeServicesCommand)
      .rejects(failure('ClusterNotFoundException', 'Cluster not found.', 400));

    await expect(describeService(ecs, SERVED, signal)).rejects.toThrow(
      'service main/slipway does not exist: look at `cluster` in SERVICES',
    );
  });

  test('a denied call names action and resource, and keeps the cause', async () => {
    const cause = failure('AccessDeniedException', 'User … is not authorized', 400);
    ecsMock.on(DescribeServicesCommand).rejects(cause);

    await expect(describeService(ecs, SERVED, signal)).rejects.toMatchObject({
      name: 'PermissionDeniedError',
      message:
        'AWS denied ecs:DescribeServices on service main/slipway: ' +
        "allow that action on it in the redeployer's role",
      cause,
    });
  });

  test('a denied call that needs another action names that one', async () => {
    const message =
      'User: x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/task because …';
    ecsMock.on(DescribeServicesCommand).rejects(failure('AccessDeniedException', message, 400));

    await expect(describeService(ecs, SERVED, signal)).rejects.toThrow(
      'AWS denied iam:PassRole on arn:aws:iam::1:role/task: allow that action on it',
    );
  });

  test('an answer that comes after the deadline is not waited for', async () => {
    const deadline = new AbortController();
    ecsMock.on(DescribeServicesCommand).callsFake(() => new Promise(() => {}));

    const attempt = describeService(ecs, SERVED, deadline.signal);
    deadline.abort();

    await expect(attempt).rejects.toMatchObject({ name: 'OutOfTimeError' });
  });
});

describe('describeTaskDefinition', () => {
  test('asks for the tags', async () => {
    const tags = [{ key: 'commit', value: 'x' }];
    ecsMock.on(DescribeTaskDefinitionCommand).resolves({ taskDefinition: { family: 'slipway' }, tags });

    const found = await describeTaskDefinition(ecs, 'slipway', signal);

    expect(found).toEqual({ definition: { family: 'slipway' }, tags });
    const input = { taskDefinition: 'slipway', include: ['TAGS'] };
    expect(ecsMock.commandCalls(DescribeTaskDefinitionCommand)[0]?.args[0].input).toEqual(input);
  });

  test('a family without a revision is none, not an error', async () => {
    const missing = failure('ClientException', 'Unable to describe task definition.', 400);
    ecsMock.on(DescribeTaskDefinitionCommand).rejects(missing);

    await expect(describeTaskDefinition(ecs, 'slipway', signal)).resolves.toBeUndefined();
  });

  test('any other refusal is an error', async () => {
    ecsMock.on(DescribeTaskDefinitionCommand).rejects(failure('ClientException', 'Too long.', 400));

    await expect(describeTaskDefinition(ecs, 'slipway', signal)).rejects.toMatchObject({
      name: 'AwsCallError',
    });
  });
});

describe('registerTaskDefinition', () => {
  test('looks again when something else is registering in the family', async () => {
    const message = 'Too many concurrent attempts to create a new revision of the specified family.';
    ecsMock.on(RegisterTaskDefinitionCommand).rejects(failure('ClientException', message, 400));
    const input = { family: 'slipway', containerDefinitions: [] };

    const attempt = registerTaskDefinition(ecs, input, undefined, signal);

    await expect(attempt).rejects.toMatchObject({ name: 'OvertakenError' });
  });
});

describe('deployTaskDefinition', () => {
  test('forces a new deployment and leaves the count alone', async () => {
    ecsMock.on(UpdateServiceCommand).resolves({});

    await deployTaskDefinition(ecs, SERVED, 'arn:slipway:3', undefined, signal);

    const input = {
      cluster: 'main',
      service: 'slipway',
      taskDefinition: 'arn:slipway:3',
      forceNewDeployment: true,
    };
    expect(ecsMock.commandCalls(UpdateServiceCommand)[0]?.args[0].input).toEqual(input);
  });

  test.each([
    ['a 500', failure('ServerException', 'internal', 500), 'UncertainWriteError'],
    ['a broken connection', new Error('socket hang up'), 'UncertainWriteError'],
    ['a refusal', failure('InvalidParameterException', 'no', 400), 'AwsCallError'],
  ])('%s', async (_, error, name) => {
    ecsMock.on(UpdateServiceCommand).rejects(error);

    await expect(deployTaskDefinition(ecs, SERVED, 'arn:slipway:3', 2, signal)).rejects.toMatchObject({
      name,
    });
  });
});

describe('the tasks of a family', () => {
  test('are listed by each desired status, page by page, and described at most a hundred at once', async () => {
    const stopped = Array.from({ length: 150 }, (_, index) => task(index + 1));
    ecsMock
      .on(ListTasksCommand, { desiredStatus: 'RUNNING' })
      .resolves({ taskArns: [task(0), task(1)] })
      .on(ListTasksCommand, { desiredStatus: 'STOPPED' })
      .resolves({ taskArns: stopped.slice(0, 100), nextToken: 'more' })
      .on(ListTasksCommand, { desiredStatus: 'STOPPED', nextToken: 'more' })
      .resolves({ taskArns: stopped.slice(100) });
    ecsMock
      .on(DescribeTasksCommand)
      .callsFake(({ tasks }) => ({ tasks: tasks.map((taskArn: string) => ({ taskArn })) }));

    const found = await findTasks(ecs, SERVED, 'slipway-release-command', signal);

    expect(found).toHaveLength(151);
    const asked = ecsMock.commandCalls(DescribeTasksCommand).map(({ args }) => args[0].input.tasks?.length);
    expect(asked).toEqual([100, 51]);
    const { startedBy, family } = ecsMock.commandCalls(ListTasksCommand)[0]?.args[0].input ?? {};
    expect({ startedBy, family }).toEqual({ family: 'slipway-release-command' });
  });

  test('one that ECS lists and does not know is a contradiction', async () => {
    ecsMock.on(ListTasksCommand).resolves({ taskArns: [task(1)] });
    ecsMock.on(DescribeTasksCommand).resolves({ failures: [{ arn: task(1), reason: 'MISSING' }] });

    await expect(findTasks(ecs, SERVED, 'slipway-release-command', signal)).rejects.toMatchObject({
      name: 'ContradictoryViewError',
    });
  });
});

describe('runTask', () => {
  test('starts one task on demand, under a token that the release alone gives', async () => {
    ecsMock.on(RunTaskCommand).resolves({ tasks: [{ taskArn: 'arn:task' }] });

    await start();
    await start();

    const [one, other] = ecsMock.commandCalls(RunTaskCommand).map(({ args }) => args[0].input);
    const { clientToken, ...rest } = one ?? {};
    expect(rest).toEqual({
      cluster: 'main',
      taskDefinition: 'arn:slipway-release-command:3',
      count: 1,
      launchType: 'FARGATE',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'ENABLED' },
      },
      startedBy: 'release/2',
    });
    expect(clientToken).toMatch(/^[0-9a-f]{64}$/);
    expect(other).toMatchObject({ clientToken });
  });

  test('looks again where a task was started with that token before', async () => {
    ecsMock.on(RunTaskCommand).rejects(failure('ConflictException', 'used', 400));

    await expect(start()).rejects.toMatchObject({ name: 'OvertakenError' });
  });

  test('says why ECS started none', async () => {
    const reason = 'Capacity is unavailable at this time';
    ecsMock.on(RunTaskCommand).resolves({ tasks: [], failures: [{ reason }] });

    await expect(start()).rejects.toThrow(
      `ecs:RunTask on arn:slipway-release-command:3 failed: Error: ECS started no task: ${reason}`,
    );
  });
});

describe('the deployment history', () => {
  test('is read page by page and sorted, newest first', async () => {
    ecsMock
      .on(ListServiceDeploymentsCommand)
      .resolvesOnce({ serviceDeployments: [deployment('a', 10), deployment('b', 30)], nextToken: 'more' })
      .resolvesOnce({ serviceDeployments: [deployment('c', 20), deployment('d', 1)] });

    const found = await listDeployments(ecs, SERVED, 5000, signal);

    expect(found.map(({ serviceDeploymentArn }) => serviceDeploymentArn)).toEqual(['b', 'c', 'a']);
    const [first, next] = ecsMock
      .commandCalls(ListServiceDeploymentsCommand)
      .map(({ args }) => args[0].input);
    const createdAt = { after: new Date(5000) };
    expect(first).toMatchObject({ cluster: 'main', service: 'slipway', createdAt });
    expect(next).toMatchObject({ nextToken: 'more' });
  });

  test('asks for at most twenty revisions at once', async () => {
    const revisions = Array.from({ length: 45 }, (_, index) => `revision ${index}`);
    ecsMock.on(DescribeServiceRevisionsCommand).callsFake(({ serviceRevisionArns }) => ({
      serviceRevisions: serviceRevisionArns.map((arn: string) => {
        return { serviceRevisionArn: arn, taskDefinition: `of ${arn}` };
      }),
    }));

    const found = await taskDefinitionsOf(ecs, revisions, signal);

    expect(found.size).toBe(45);
    expect(found.get('revision 44')).toBe('of revision 44');
    const asked = ecsMock.commandCalls(DescribeServiceRevisionsCommand).map(({ args }) => args[0].input);
    expect(asked.map(({ serviceRevisionArns }) => serviceRevisionArns?.length)).toEqual([20, 20, 5]);
  });

  test('a revision that ECS names and does not know is a contradiction', async () => {
    ecsMock.on(DescribeServiceRevisionsCommand).resolves({ failures: [{ arn: 'x', reason: 'MISSING' }] });

    await expect(taskDefinitionsOf(ecs, ['x'], signal)).rejects.toMatchObject({
      name: 'ContradictoryViewError',
    });
  });
});

describe('publishOutcome', () => {
  const outcome = {
    service: 'slipway',
    commit: commitOf(1),
    digest: 'sha256:a',
    outcome: 'COMPLETED' as const,
    reason: 'done',
    deployment: 'ecs-svc/2',
  };

  test('sends the outcome as JSON under a subject of at most 100 characters', async () => {
    snsMock.on(PublishCommand).resolves({});
    const long = { ...outcome, service: 's'.repeat(200) };

    await publishOutcome(sns, TOPIC, long, signal);

    const { Subject, ...rest } = snsMock.commandCalls(PublishCommand)[0]?.args[0].input ?? {};
    expect(rest).toEqual({ TopicArn: TOPIC, Message: JSON.stringify(long) });
    expect(Subject).toMatch(/^COMPLETED s{90}$/);
  });

  test('a missing topic is named', async () => {
    snsMock.on(PublishCommand).rejects(failure('NotFoundException', 'Topic does not exist', 404));

    await expect(publishOutcome(sns, TOPIC, outcome, signal)).rejects.toThrow(
      `${TOPIC} does not exist: look at OUTCOME_TOPIC_ARN`,
    );
  });
});
