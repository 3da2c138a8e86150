import { describe, expect, test } from '@jest/globals';
import { requestsOf, type Call } from './support/requests.ts';
import { exceptions, isAllowed, isEvaluatedOnAll, type Statement } from './support/authorisation.ts';

const DOCUMENTATION = 'https://docs.aws.amazon.com/';

const read: Statement = { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::one/*' };
const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::one/two' };

describe('the evaluation of policies', () => {
  test('allows what a statement names, and nothing else', () => {
    expect(isAllowed(request, [read])).toBe(true);
    expect(isAllowed({ ...request, action: 's3:PutObject' }, [read])).toBe(false);
    expect(isAllowed({ ...request, resource: 'arn:aws:s3:::other/two' }, [read])).toBe(false);
    expect(isAllowed({ ...request, resource: '*' }, [read])).toBe(false);
  });

  test('lets a deny win, and a boundary bound', () => {
    expect(isAllowed(request, [read, { ...read, Effect: 'Deny' }])).toBe(false);
    expect(isAllowed(request, [read], [])).toBe(false);
    expect(isAllowed(request, [read], [{ ...read, Resource: '*' }])).toBe(true);
  });

  test('holds a condition to the keys that are there', () => {
    const via: Statement = { ...read, Condition: { StringEquals: { 'kms:ViaService': ['ecr', 'rds'] } } };

    expect(isAllowed(request, [via])).toBe(false);
    expect(isAllowed({ ...request, context: { 'kms:ViaService': 'rds' } }, [via])).toBe(true);
    expect(isAllowed({ ...request, context: { 'kms:ViaService': 's3' } }, [via])).toBe(false);
  });

  test('does not guess an operator that it does not know', () => {
    const odd: Statement = { ...read, Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '1' } } };

    expect(() => isAllowed({ ...request, context: { 'aws:MultiFactorAuthAge': '1' } }, [odd])).toThrow(
      'NumericLessThan',
    );
  });
});

describe('iac/authorisation.json', () => {
  test('has a source for each exception, and a case that is granted; without a page of AWS it says so', () => {
    const poor = exceptions.filter(
      ({ sources, unconfirmed, evaluated }) =>
        sources.length === 0 ||
        (unconfirmed === undefined && !sources.some((one) => one.startsWith(DOCUMENTATION))) ||
        evaluated.every(({ isRefused }) => isRefused),
    );

    expect(poor).toEqual([]);
    expect(isEvaluatedOnAll('ecs:RegisterTaskDefinition')).toBe(true);
    expect(isEvaluatedOnAll('ecs:UpdateService')).toBe(false);
  });
});

const arn = (rest: string) => `arn:aws:${rest.replace('@', 'us-east-1:111111111111')}`;

describe('what a call is judged on', () => {
  const role = 'arn:aws:iam::111111111111:role/slipway-test/slipway-test-task';
  const judged = async (call: string, parameters: Record<string, string>, path = '/') => {
    const roles = new Map([['slipway-test-task', { arn: role, boundary: 'arn:boundary' }]]);
    const recorded: Call = { call, region: 'us-east-1', path, parameters };
    return requestsOf(recorded, { account: '111111111111', roles });
  };
  test.each([
    ['rds:DescribeDBInstances', { DBInstanceIdentifier: 'one' }, [arn('rds:@:db:one')]],
    ['rds:DescribeDBInstances', { 'Filters.Filter.1.Name': 'dbi-resource-id' }, [arn('rds:@:db:*')]],
    [
      'ecs:UpdateService',
      { cluster: arn('ecs:@:cluster/one'), service: 'two' },
      [arn('ecs:@:service/one/two')],
    ],
    ['ec2:CreateSubnet', { VpcId: 'vpc-1' }, [arn('ec2:@:subnet/*'), arn('ec2:@:vpc/vpc-1')]],
    [
      'elasticloadbalancing:DeleteListener',
      { ListenerArn: arn('elasticloadbalancing:@:listener/app/one/2/3') },
      [arn('elasticloadbalancing:@:listener/app/one/2/3')],
    ],
    [
      'ec2:GetManagedPrefixListEntries',
      { PrefixListId: 'pl-1' },
      ['arn:aws:ec2:us-east-1:aws:prefix-list/pl-1'],
    ],
    ['wafv2:GetWebACL', { Scope: 'CLOUDFRONT', Name: 'one', Id: '2' }, [arn('wafv2:@:global/webacl/one/2')]],
    [
      'elasticloadbalancing:CreateLoadBalancer',
      { Name: 'one' },
      [arn('elasticloadbalancing:@:loadbalancer/app/one/*')],
    ],
    [
      'rds:RestoreDBInstanceFromDBSnapshot',
      {
        DBInstanceIdentifier: 'one',
        DBSnapshotIdentifier: 'two',
        DBParameterGroupName: 'three',
        DBSubnetGroupName: 'four',
      },
      [
        arn('rds:@:db:one'),
        arn('rds:@:og:default:*'),
        arn('rds:@:pg:three'),
        arn('rds:@:snapshot:two'),
        arn('rds:@:subgrp:four'),
      ],
    ],
    ['ec2:DescribeVpcs', { 'VpcId.1': 'vpc-1' }, ['*']],
    ['sns:Unsubscribe', { SubscriptionArn: arn('sns:@:one:1-2') }, [arn('sns:@:one')]],
  ])('%s %j', async (call, parameters, resources) => {
    expect((await judged(call, parameters)).map(({ resource }) => resource).toSorted()).toEqual(resources);
  });

  test('one of several kinds, where the call does not say which', async () => {
    const [one, ...more] = await judged('ec2:DisassociateRouteTable', { AssociationId: 'rtbassoc-1' });
    expect([one?.resource, ...(one?.alternatives ?? [])]).toContain(arn('ec2:@:route-table/*'));
    expect(more).toEqual([]);
  });

  test('a role by the boundary that it has, and by the service that gets it', async () => {
    expect(await judged('iam:PutRolePolicy', { RoleName: 'slipway-test-task' })).toEqual([
      { action: 'iam:PutRolePolicy', resource: role, context: { 'iam:PermissionsBoundary': 'arn:boundary' } },
    ]);
    expect(await judged('ecs:RegisterTaskDefinition', { family: 'one', taskRoleArn: role })).toContainEqual({
      action: 'iam:PassRole',
      resource: role,
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    });
  });
});
