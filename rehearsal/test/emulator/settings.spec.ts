import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ACCOUNT, call, clientsOf, control, query, REGION, rest } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, type Emulator, startEmulator } from '@slipway/test-helpers/emulator/emulator';
import { createService, findNetwork, registerTaskDefinition } from '@slipway/test-helpers/emulator/service';

const EC2 = { Version: '2016-11-15' };
const RDS = { Version: '2014-10-31' };

describeEmulator('settings that Terraform reads back: what moto lacks and the patches mend', () => {
  let emulator: Emulator;
  let url: string;

  beforeAll(async () => {
    emulator = await startEmulator('--auto');
    url = emulator.url;
  });

  afterAll(() => emulator.stop());

  function sqs<T = Record<string, unknown>>(action: string, body: Record<string, unknown>): Promise<T> {
    return call<T>(url, 'sqs', `AmazonSQS.${action}`, body);
  }

  function budgets(action: string, body: object) {
    return call(url, 'budgets', `AWSBudgetServiceGateway.${action}`, { AccountId: ACCOUNT, ...body });
  }

  it('keeps tags of a scalable target', async () => {
    const { ecs } = clientsOf(url);
    const taskDefinition = await registerTaskDefinition(ecs, 'scaled');
    await createService(ecs, await findNetwork(url), { serviceName: 'scaled', taskDefinition });
    const target = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' };
    const prefix = 'AnyScaleFrontendService';
    const { ScalableTargetARN: ResourceARN } = await call(
      url,
      'application-autoscaling',
      `${prefix}.RegisterScalableTarget`,
      { ...target, ResourceId: 'service/main/scaled', MinCapacity: 0, MaxCapacity: 2, Tags: { name: 'x' } },
    );

    expect(
      await call(url, 'application-autoscaling', `${prefix}.ListTagsForResource`, { ResourceARN }),
    ).toEqual({ Tags: { name: 'x' } });
  });

  it('keeps the description of a rule that names a group, and changes it', async () => {
    const group =
      /<groupId>(.*?)</.exec(await query(url, 'ec2', { ...EC2, Action: 'DescribeSecurityGroups' }))?.[1] ??
      '';
    const added = await query(url, 'ec2', {
      ...EC2,
      Action: 'AuthorizeSecurityGroupIngress',
      GroupId: group,
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '3000',
      'IpPermissions.1.ToPort': '3000',
      'IpPermissions.1.Groups.1.GroupId': group,
      'IpPermissions.1.Groups.1.Description': 'from the edge',
    });
    expect(added).toContain('<description>from the edge<');
    const rule = /<securityGroupRuleId>(.*?)</.exec(added)?.[1] ?? '';
    await query(url, 'ec2', {
      ...EC2,
      Action: 'ModifySecurityGroupRules',
      GroupId: group,
      'SecurityGroupRule.1.SecurityGroupRuleId': rule,
      'SecurityGroupRule.1.SecurityGroupRule.IpProtocol': 'tcp',
      'SecurityGroupRule.1.SecurityGroupRule.FromPort': '3000',
      'SecurityGroupRule.1.SecurityGroupRule.ToPort': '3000',
      'SecurityGroupRule.1.SecurityGroupRule.ReferencedGroupId': group,
      'SecurityGroupRule.1.SecurityGroupRule.Description': 'from elsewhere',
    });

    const rules = await query(url, 'ec2', { ...EC2, Action: 'DescribeSecurityGroupRules' });
    expect(rules).toContain('<description>from elsewhere<');
  });

  it('keeps the rotation period of a key', async () => {
    const { KeyMetadata } = await call<{ KeyMetadata: { KeyId: string } }>(
      url,
      'kms',
      'TrentService.CreateKey',
      {},
    );
    const { KeyId } = KeyMetadata;
    await call(url, 'kms', 'TrentService.EnableKeyRotation', { KeyId, RotationPeriodInDays: 180 });

    expect(await call(url, 'kms', 'TrentService.GetKeyRotationStatus', { KeyId })).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 180,
    });
  });

  it('keeps the policy of a queue when something else is set, and words redrive policies as AWS does', async () => {
    await sqs('CreateQueue', { QueueName: 'dead' });
    const deadLetterTargetArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
    const Policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny"}]}';
    const { QueueUrl } = await sqs('CreateQueue', {
      QueueName: 'live',
      Attributes: { RedrivePolicy, Policy },
    });
    const RedriveAllowPolicy = '{"redrivePermission":"denyAll"}';
    await sqs('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '7', RedriveAllowPolicy } });

    expect(await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).toMatchObject({
      Attributes: { RedrivePolicy, RedriveAllowPolicy, Policy, VisibilityTimeout: '7' },
    });
    await sqs('SetQueueAttributes', { QueueUrl, Attributes: { RedriveAllowPolicy: '' } });
    const { Attributes } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    expect(Attributes).not.toHaveProperty('RedriveAllowPolicy');
  });

  it('drops a FIFO message that was sent before, also after the first was deleted', async () => {
    const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', {
      QueueName: 'once.fifo',
      Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    });
    const receive = async () => {
      const answer = await sqs<{ Messages?: { ReceiptHandle: string }[] }>('ReceiveMessage', { QueueUrl });
      return answer.Messages ?? [];
    };
    const message = { QueueUrl, MessageBody: 'same', MessageGroupId: 'group' };
    await sqs('SendMessage', message);
    const [first] = await receive();
    await sqs('DeleteMessage', { QueueUrl, ReceiptHandle: first?.ReceiptHandle });
    await sqs('SendMessage', message);

    expect(await receive()).toEqual([]);
  });

  it('gives a database a secret of its own, its monitoring settings back, and parameters that a user set', async () => {
    const created = await query(url, 'rds', {
      ...RDS,
      Action: 'CreateDBInstance',
      DBInstanceIdentifier: 'database',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      AllocatedStorage: '20',
      MasterUsername: 'owner',
      ManageMasterUserPassword: 'true',
      EnablePerformanceInsights: 'true',
      PerformanceInsightsRetentionPeriod: '7',
      MonitoringInterval: '60',
    });
    expect(created).toContain('<PerformanceInsightsEnabled>true<');
    expect(created).toContain('<PerformanceInsightsRetentionPeriod>7<');
    expect(created).toContain('<MonitoringInterval>60<');
    const secret = /<SecretArn>(.*?)</.exec(created)?.[1] ?? '';
    const read = async () => {
      const { SecretString } = await call<{ SecretString: string }>(
        url,
        'secretsmanager',
        'secretsmanager.GetSecretValue',
        { SecretId: secret },
      );
      return JSON.parse(SecretString) as { username: string; password: string };
    };
    const first = await read();
    expect(first).toEqual({ username: 'owner', password: expect.stringMatching(/^[^/@" ]{28}$/) });

    await control(url, 'secrets/set', { secret, value: { username: 'real', password: 'known' } });
    expect(await read()).toEqual({ username: 'real', password: 'known' });
    await control(url, 'secrets/rotate', { secret });
    expect((await read()).password).not.toBe('known');

    const group = { DBParameterGroupName: 'tls' };
    await query(url, 'rds', {
      ...RDS,
      ...group,
      Action: 'CreateDBParameterGroup',
      DBParameterGroupFamily: 'postgres17',
      Description: 'tls',
    });
    await query(url, 'rds', {
      ...RDS,
      ...group,
      Action: 'ModifyDBParameterGroup',
      'Parameters.Parameter.1.ParameterName': 'rds.force_ssl',
      'Parameters.Parameter.1.ParameterValue': '1',
      'Parameters.Parameter.1.ApplyMethod': 'immediate',
    });
    expect(await query(url, 'rds', { ...RDS, ...group, Action: 'DescribeDBParameters' })).toContain(
      '<Source>user<',
    );
  });

  it('lists the subscribers and tags of a budget', async () => {
    const Notification = { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 80 };
    const Subscribers = [{ SubscriptionType: 'EMAIL', Address: 'ops@example.com' }];
    await budgets('CreateBudget', {
      Budget: {
        BudgetName: 'monthly',
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: '50', Unit: 'USD' },
      },
      NotificationsWithSubscribers: [{ Notification, Subscribers }],
      ResourceTags: [{ Key: 'name', Value: 'x' }],
    });

    expect(
      await budgets('DescribeSubscribersForNotification', { BudgetName: 'monthly', Notification }),
    ).toEqual({ Subscribers });
    const ResourceARN = `arn:aws:budgets::${ACCOUNT}:budget/monthly`;
    expect(await budgets('ListTagsForResource', { ResourceARN })).toEqual({
      ResourceTags: [{ Key: 'name', Value: 'x' }],
    });
  });

  it("knows CloudFront's managed policies", async () => {
    const { text } = await rest(url, 'cloudfront', 'GET', '/2020-05-31/cache-policy?Type=managed');
    expect(text).toContain('<Name>Managed-CachingDisabled</Name>');
    expect(text).toContain('<Id>4135ea2d-6df8-44a3-9df3-4b5a84be39ad</Id>');
  });
});
