import { BatchDeleteImageCommand } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@slipway/test-helpers/eventually';
import { AwsError, call, control } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, type Emulator, startEmulator } from '@slipway/test-helpers/emulator/emulator';
import { buildWorld, commitOf } from './support/world.ts';

type World = Awaited<ReturnType<typeof buildWorld>>;

describeEmulator('from a push to an outcome, with the redeployer as it is shipped', () => {
  let emulator: Emulator;
  let world: World;

  beforeAll(async () => {
    emulator = await startEmulator();
    world = await buildWorld(emulator.url);
    // The placeholder at zero tasks: what ECS goes back to after a failed first release.
    await world.complete();
  });

  afterAll(() => emulator.stop());

  async function describeService() {
    const { services } = await world.ecs.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['slipway-test'] }),
    );
    return services?.[0];
  }

  /** Waits until the redeployer has deployed revision `number` of the releases, and says whether it is in flight. */
  function expectRelease(number: number) {
    return eventually(async () => {
      const found = await describeService();
      expect(found?.taskDefinition).toMatch(new RegExp(`/slipway-test:${number}$`));
      return found;
    });
  }

  async function deploymentsOf() {
    const command = new ListServiceDeploymentsCommand({ cluster: 'main', service: 'slipway-test' });
    return (await world.ecs.send(command)).serviceDeployments ?? [];
  }

  async function messagesLeft(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const { Attributes } = await call<{ Attributes: Record<string, string> }>(
      emulator.url,
      'sqs',
      'AmazonSQS.GetQueueAttributes',
      { QueueUrl: world.queues.url, AttributeNames: names },
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  /** Waits until every message of the queue has been dealt with. */
  const expectSettled = () => eventually(async () => expect(await messagesLeft()).toBe(0));

  it('deploys the first push with the minimum of tasks, and tells that it was completed', async () => {
    await world.push(commitOf('a'));

    const service = await expectRelease(1);
    expect(service?.desiredCount).toBe(1);
    expect(service?.deployments?.[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' });
    await world.complete();
    await eventually(async () => {
      expect(await world.outcomes()).toEqual([
        expect.objectContaining({ commit: commitOf('a'), outcome: 'COMPLETED' }),
      ]);
    });
  });

  it('sends the event of a push as ECR words it', async () => {
    const { event, deliveries } = (await world.events('ECR Image Action'))[0] ?? {};

    expect(event).toMatchObject({
      source: 'aws.ecr',
      resources: [],
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      detail: {
        result: 'SUCCESS',
        'action-type': 'PUSH',
        'repository-name': 'slipway-test',
        'image-tag': commitOf('a'),
        'image-digest': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json',
        'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
      },
    });
    expect(deliveries).toEqual([expect.objectContaining({ error: null })]);
  });

  it('takes the same event twice, and untagged pushes, without another deployment', async () => {
    const before = await deploymentsOf();
    const { event } = (await world.events('ECR Image Action'))[0] ?? {};

    await control(emulator.url, 'events', { ...event, id: 'another-delivery' });
    await world.push(undefined);
    await expectSettled();

    expect(await deploymentsOf()).toEqual(before);
    expect((await world.events('ECR Image Action')).at(-1)?.event.detail['image-tag']).toBe('');
  });

  it('heals a lost event by the schedule', async () => {
    await control(emulator.url, 'events/lose-next', { 'detail-type': 'ECR Image Action' });
    await world.push(commitOf('b'));
    await expectSettled();
    expect((await describeService())?.taskDefinition).toMatch(/slipway-test:1$/);

    await control(emulator.url, 'schedules/fire', { rule: world.ruleArn('schedule') });

    await expectRelease(2);
    await world.complete();
  });

  it('rolls back when the breaker trips, tells so twice, and does not try again', async () => {
    await world.push(commitOf('c'));
    await expectRelease(3);
    await world.fail('ECS deployment circuit breaker: tasks failed to start.');
    expect((await describeService())?.taskDefinition).toMatch(/slipway-test:2$/);
    await world.complete();

    await eventually(async () => {
      const last = (await world.outcomes()).slice(-2);
      expect(last.map(({ outcome }) => outcome)).toEqual(['FAILED', 'ROLLED_BACK']);
      expect(last.map(({ commit }) => commit)).toEqual([commitOf('c'), commitOf('c')]);
    });
    await control(emulator.url, 'schedules/fire', { rule: world.ruleArn('schedule') });
    await expectSettled();
    expect((await describeService())?.taskDefinition).toMatch(/slipway-test:2$/);
  });

  it('releases what a request through PutEvents asks for', async () => {
    const Detail = JSON.stringify({ service: 'slipway-test', commit: commitOf('a') });
    await call(emulator.url, 'events', 'AWSEvents.PutEvents', {
      Entries: [{ Source: 'slipway', DetailType: 'Release Requested', Detail }],
    });

    await expectRelease(4);
    await world.complete();
    await expectSettled();
  });

  it('replaces the tasks when a secret was rotated, which get the new value', async () => {
    const before = (await deploymentsOf()).length;
    const template = (await describeService())?.taskDefinition as string;
    await control(emulator.url, 'secrets/rotate', { secret: world.secretArn, value: { password: 'second' } });

    await eventually(async () => expect(await deploymentsOf()).toHaveLength(before + 1));
    await world.complete();
    const { containers } = await control<{ containers: unknown[] }>(emulator.url, 'task-environment', {
      taskDefinition: template,
    });
    expect(containers).toEqual([
      { name: 'app', environment: { API_PORT: '3000' }, secrets: { DB_PASSWORD: 'second' } },
    ]);
  });

  it('answers a direct invocation with its decisions, and an error with the function error', async () => {
    const { headers, text } = await world.invoke({
      source: 'slipway',
      'detail-type': 'Reconcile Requested',
      detail: { service: 'slipway-test' },
    });
    expect(headers.get('x-amz-function-error')).toBeNull();
    expect(JSON.parse(text)).toMatchObject({ decisions: [{ service: 'slipway-test', decision: 'nothing' }] });

    const failed = await world.invoke({ source: 'slipway', 'detail-type': 'Nonsense', detail: {} });
    expect(failed.headers.get('x-amz-function-error')).toBe('Unhandled');
    expect(JSON.parse(failed.text)).toMatchObject({ errorType: 'UnreadableMessageError' });
  });

  it('writes what the function prints into its log group', async () => {
    const found = await call<{ events: { message: string }[] }>(
      emulator.url,
      'logs',
      'Logs_20140328.FilterLogEvents',
      { logGroupName: '/aws/lambda/redeployer' },
    );
    const messages = found.events.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(/^START RequestId: /));
    expect(messages).toContainEqual(expect.stringContaining(`"commit":"${commitOf('a')}"`));
  });

  it('moves a message that nobody can read to the dead-letter queue after three receives', async () => {
    await call(emulator.url, 'sqs', 'AmazonSQS.SendMessage', {
      QueueUrl: world.queues.url,
      MessageBody: 'unreadable',
      MessageGroupId: 'redeployer',
    });

    const message = await eventually(async () => {
      const { Messages = [] } = await call<{
        Messages?: { Body: string; Attributes: Record<string, string> }[];
      }>(emulator.url, 'sqs', 'AmazonSQS.ReceiveMessage', {
        QueueUrl: world.queues.dead,
        AttributeNames: ['ApproximateReceiveCount'],
      });
      expect(Messages).toHaveLength(1);
      return Messages[0];
    }, 400);
    // Three of the function, and this one.
    expect(message).toMatchObject({ Body: 'unreadable', Attributes: { ApproximateReceiveCount: '4' } });
    await expectSettled();
  });

  it('sends the deletion of an image as an event, which the rule does not let through', async () => {
    const imageIds = [{ imageTag: commitOf('c') }];
    await world.ecr.send(new BatchDeleteImageCommand({ repositoryName: 'slipway-test', imageIds }));

    const { event, deliveries } = (await world.events('ECR Image Action')).at(-1) ?? {};
    expect(event?.detail).toMatchObject({ 'action-type': 'DELETE', 'image-tag': commitOf('c') });
    expect(deliveries).toEqual([]);
  });

  it('refuses events in the name of AWS', async () => {
    const answer = await call<{ FailedEntryCount: number }>(emulator.url, 'events', 'AWSEvents.PutEvents', {
      Entries: [{ Source: 'aws.ecr', DetailType: 'ECR Image Action', Detail: '{}' }],
    });

    expect(answer).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'NotAuthorizedForSourceException' }],
    });
  });

  it('says what is wrong with a report', async () => {
    const report = control(emulator.url, 'deployments/complete', {
      service: world.service,
      deployment: 'none',
    });

    await expect(report).rejects.toThrow(AwsError);
    await expect(report).rejects.toThrow(/409.*no deployment none/);
    await expect(control(emulator.url, 'nowhere')).rejects.toThrow(/GET \/_emulator\/services/);
  });
});

describeEmulator('a queue whose policy does not let EventBridge in', () => {
  it('gets no event; the dead-letter queue of the target does, with the reason', async () => {
    const emulator = await startEmulator('--auto');
    try {
      const world = await buildWorld(emulator.url, { delivers: false });
      await world.push(commitOf('a'));

      const { Messages = [] } = await call<{ Messages?: { MessageAttributes: object }[] }>(
        emulator.url,
        'sqs',
        'AmazonSQS.ReceiveMessage',
        { QueueUrl: world.queues.undelivered, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] },
      );
      expect(Messages.at(-1)?.MessageAttributes).toMatchObject({
        ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
        RULE_ARN: { StringValue: world.ruleArn('pushed') },
      });
    } finally {
      await emulator.stop();
    }
  });
});
