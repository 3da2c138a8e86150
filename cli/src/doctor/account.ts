import type { Environment } from '../environments.ts';
import { type Ask, orNothing } from './ask.ts';
import { check, type Finding, ok, type Said, unknown, wrong } from './finding.ts';

/** What the roles of an environment have to trust. */
export interface Trust {
  organisation: string;
  repository: string;
  organisationId: string;
  repositoryId: string;
}

export interface Subject {
  environment: Environment;
  /** `<name>-<environment>`, with which everything of it begins. */
  prefix: string;
  bucket: string;
  exposure: string;
  trust: Trust | undefined;
  /** The environment from whose folder the account is bootstrapped. */
  bootstrapped: string;
}

/** A run of `apply` may take two hours; a lock that is older was left behind. */
const LOCK_MS = 2 * 60 * 60 * 1000;

/** What bootstrap makes, and what the account lets the layers make. */
export async function examineAccount(subject: Subject, aws: Ask): Promise<Finding[]> {
  const { name } = subject.environment;
  return Promise.all([
    check(name, 'state bucket', () => stateBucket(subject, aws)),
    check(name, 'locks', () => locks(subject, aws)),
    check(name, "GitHub's provider", () => provider(subject, aws)),
    check(name, 'trail', () => trail(subject, aws)),
    ...['plan', 'apply', 'publish', 'release'].map((role) =>
      check(name, `role ${role}`, () => trusted(subject, role, aws)),
    ),
    ...(subject.exposure === 'edge'
      ? [
          check(name, 'quota of load balancers', () => loadBalancers(subject, aws)),
          check(name, 'quota of addresses', () => addresses(subject, aws)),
        ]
      : []),
    check(name, 'quota of Fargate', () => fargate(subject, aws)),
    check(name, 'zones', () => zones(subject, aws)),
  ]);
}

const bootstrap = ({ bootstrapped }: Subject) => `slipway bootstrap ${bootstrapped}`;

async function stateBucket(subject: Subject, aws: Ask): Promise<Said> {
  const { bucket } = subject;
  const there = await orNothing(
    aws('s3api', 'head-bucket', '--bucket', bucket).then(() => true),
    '404',
    'NoSuchBucket',
  );
  if (!there)
    return wrong(`There is no bucket ${bucket}: the account is not bootstrapped.`, bootstrap(subject));
  const { Status: status } =
    (await aws<{ Status?: string } | null>('s3api', 'get-bucket-versioning', '--bucket', bucket)) ?? {};
  return status === 'Enabled'
    ? ok(`${bucket} is there, and keeps every version`)
    : wrong(`${bucket} does not keep versions, so a state that is spoilt is lost.`, bootstrap(subject));
}

async function locks({ environment, bucket }: Subject, aws: Ask): Promise<Said> {
  const { name, region } = environment;
  const list = await orNothing(
    aws<{ Contents?: { Key: string; LastModified: string }[] } | null>(
      's3api',
      'list-objects-v2',
      '--bucket',
      bucket,
      '--prefix',
      `${name}/`,
    ),
    'NoSuchBucket',
  );
  const [lock] = (list?.Contents ?? []).filter(({ Key }) => Key.endsWith('.tflock'));
  if (!lock) return ok('no state is locked');
  const since = `${lock.Key} is locked since ${lock.LastModified}`;
  return Date.now() - Date.parse(lock.LastModified) > LOCK_MS
    ? wrong(
        `${since}, longer than any run takes: one was cut off.`,
        `aws s3 rm --region ${region} s3://${bucket}/${lock.Key}`,
      )
    : unknown(`${since}; a run may still be at it.`);
}

async function provider(subject: Subject, aws: Ask): Promise<Said> {
  const arn = `arn:aws:iam::${subject.environment.accountId}:oidc-provider/token.actions.githubusercontent.com`;
  const found = await orNothing(
    aws<{ ClientIDList: string[] }>(
      'iam',
      'get-open-id-connect-provider',
      '--open-id-connect-provider-arn',
      arn,
    ),
    'NoSuchEntity',
  );
  if (!found)
    return wrong('The account does not know GitHub, so no workflow can take a role.', bootstrap(subject));
  return found.ClientIDList.includes('sts.amazonaws.com')
    ? ok('GitHub may ask for roles')
    : wrong("GitHub's provider is not for the audience sts.amazonaws.com.", bootstrap(subject));
}

async function trail(subject: Subject, aws: Ask): Promise<Said> {
  const { trailList } = await aws<{
    trailList: { Name: string; TrailARN: string; HomeRegion: string; IsMultiRegionTrail: boolean }[];
  }>('cloudtrail', 'describe-trails');
  const found = trailList.filter(({ IsMultiRegionTrail }) => IsMultiRegionTrail);
  const [first] = found;
  if (!first)
    return wrong(
      'No trail records every region, so nothing learns that a secret was rotated.',
      bootstrap(subject),
    );
  const states = await Promise.all(
    found.map(({ TrailARN }) =>
      aws<{ IsLogging: boolean }>('cloudtrail', 'get-trail-status', '--name', TrailARN),
    ),
  );
  return states.some(({ IsLogging }) => IsLogging)
    ? ok('a trail records the account')
    : wrong(
        `The trail ${first.Name} is stopped.`,
        `aws cloudtrail start-logging --region ${first.HomeRegion} --name ${first.TrailARN}`,
      );
}

interface RoleAnswer {
  Role: {
    AssumeRolePolicyDocument: {
      Statement: { Condition: Record<string, Record<string, string | string[]>> }[];
    };
  };
}

async function trusted(subject: Subject, role: string, aws: Ask): Promise<Said> {
  const { environment, prefix, trust } = subject;
  const found = await orNothing(
    aws<RoleAnswer>('iam', 'get-role', '--role-name', `${prefix}-${role}`),
    'NoSuchEntity',
  );
  if (!found) return wrong(`There is no role ${prefix}-${role}.`, bootstrap(subject));
  if (!trust) return unknown('The repository has no id here: neither gh nor bootstrap.auto.tfvars tells it.');
  const { organisation, repository, organisationId, repositoryId } = trust;
  const place = role === 'plan' ? `${environment.name}-plan` : environment.name;
  const wanted = [
    `repo:${organisation}/${repository}:environment:${place}`,
    `repo:${organisation}@${organisationId}/${repository}@${repositoryId}:environment:${place}`,
  ];
  const held = found.Role.AssumeRolePolicyDocument.Statement.flatMap(
    ({ Condition }) => Condition['StringEquals']?.['token.actions.githubusercontent.com:sub'] ?? [],
  );
  const missing = wanted.filter((one) => !held.includes(one));
  return missing.length === 0
    ? ok(`it trusts ${organisation}/${repository}, environment ${place}`)
    : wrong(
        `It trusts ${held.join(' and ')}, but the repository is ${missing.join(' and ')}.`,
        `slipway init ${subject.bootstrapped} --yes --github ${organisation}/${repository} --github-ids ${organisationId},${repositoryId} && ${bootstrap(subject)}`,
      );
}

async function quota(aws: Ask, service: string, code: string): Promise<number> {
  const args = ['get-service-quota', '--service-code', service, '--quota-code', code];
  return (await aws<{ Quota: { Value: number } }>('service-quotas', ...args)).Quota.Value;
}

function raise(service: string, code: string, value: number, region: string): string {
  return `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${value}`;
}

async function loadBalancers({ environment, prefix }: Subject, aws: Ask): Promise<Said> {
  const { LoadBalancers: held } = await aws<{ LoadBalancers: { LoadBalancerName: string; Type: string }[] }>(
    'elbv2',
    'describe-load-balancers',
  );
  if (held.some(({ LoadBalancerName }) => LoadBalancerName === prefix)) return ok('its own is there');
  const used = held.filter(({ Type }) => Type === 'application').length;
  const most = await quota(aws, 'elasticloadbalancing', 'L-53DA6B97');
  return used < most
    ? ok(`${used} of ${most} are in use`)
    : wrong(
        `The account may have ${most} load balancers in ${environment.region} and has ${used}: the layer application would fail.`,
        raise('elasticloadbalancing', 'L-53DA6B97', used + 1, environment.region),
      );
}

async function addresses({ environment, prefix }: Subject, aws: Ask): Promise<Said> {
  const { Addresses: held } = await aws<{ Addresses: { Tags?: { Key: string; Value: string }[] }[] }>(
    'ec2',
    'describe-addresses',
  );
  const isOwn = held.some(({ Tags = [] }) =>
    Tags.some(({ Key, Value }) => Key === 'Name' && Value.startsWith(prefix)),
  );
  if (isOwn) return ok('its own are there');
  const most = await quota(aws, 'ec2', 'L-0263D0A3');
  return held.length < most
    ? ok(`${held.length} of ${most} are in use`)
    : wrong(
        `The account may have ${most} elastic addresses in ${environment.region} and has ${held.length}: the layer connectivity would fail.`,
        raise('ec2', 'L-0263D0A3', held.length + 1, environment.region),
      );
}

/** A vCPU and more: two of the smallest tasks, and as many again during a rollout. */
async function fargate({ environment }: Subject, aws: Ask): Promise<Said> {
  const most = await quota(aws, 'fargate', 'L-3032A538');
  return most >= 2
    ? ok(`${most} vCPU on demand`)
    : wrong(
        `The account may run ${most} vCPU of Fargate on demand in ${environment.region}: a rollout needs room for twice the tasks.`,
        raise('fargate', 'L-3032A538', 6, environment.region),
      );
}

/** Where Fargate is not in every zone of a region, those that it is in. */
const WITH_FARGATE: Record<string, string[]> = {
  'us-west-1': ['usw1-az1', 'usw1-az3'],
  'ap-northeast-1': ['apne1-az1', 'apne1-az2', 'apne1-az4'],
};

async function zones({ environment, prefix }: Subject, aws: Ask): Promise<Said> {
  const filters = ['--filters', `Name=tag:Name,Values=${prefix}-*`];
  const { Subnets: subnets } = await aws<{ Subnets: { AvailabilityZoneId: string; SubnetId: string }[] }>(
    'ec2',
    'describe-subnets',
    ...filters,
  );
  const among = WITH_FARGATE[environment.region];
  const bad = subnets.filter(({ AvailabilityZoneId }) => among && !among.includes(AvailabilityZoneId));
  if (bad.length > 0) {
    return wrong(
      `${bad.map(({ SubnetId }) => SubnetId).join(', ')} lie in ${bad[0]?.AvailabilityZoneId}, where Fargate starts no task.`,
      'make the environment anew, in another region: slipway init NAME --region REGION',
    );
  }
  return ok(
    subnets.length > 0
      ? 'Fargate is in every zone in use'
      : `no subnet is there yet in ${environment.region}`,
  );
}
