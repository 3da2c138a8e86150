import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { examineAccount, type Subject } from '../src/doctor/account.ts';
import { type Ask, RefusedError } from '../src/doctor/ask.ts';
import type { Finding } from '../src/doctor/finding.ts';
import { examineGitHub } from '../src/doctor/github.ts';
import { examineService } from '../src/doctor/service.ts';
import { slipway } from '@slipway/test-helpers/cli/slipway';

const TRUST = { organisation: 'acme', repository: 'ledger', organisationId: '3', repositoryId: '4' };
const SUBJECT: Subject = {
  environment: {
    name: 'live',
    accountId: '111111111111',
    region: 'us-west-1',
    architecture: 'ARM64',
    repository: 'ledger-live',
    cluster: 'ledger-live',
    service: 'ledger-live',
  },
  prefix: 'ledger-live',
  bucket: 'state',
  exposure: 'edge',
  trust: TRUST,
  bootstrapped: 'live',
};

type Answers = Record<string, unknown>;

function roleFor(place: string, owner = 'acme') {
  const subjects = [
    `repo:${owner}/ledger:environment:${place}`,
    `repo:${owner}@3/ledger@4:environment:${place}`,
  ];
  const Condition = { StringEquals: { 'token.actions.githubusercontent.com:sub': subjects } };
  return { Role: { AssumeRolePolicyDocument: { Statement: [{ Condition }] } } };
}

const manifestFor = (architecture: string) => ({
  images: [{ imageManifest: JSON.stringify({ manifests: [{ platform: { architecture } }] }) }],
});

/** An environment of which nothing is wrong, by what is asked. */
function healthy(): Answers {
  const branches = { custom_branch_policies: true, protected_branches: false };
  return {
    's3api head-bucket': null,
    's3api get-bucket-versioning': { Status: 'Enabled' },
    's3api list-objects-v2': {
      Contents: [{ Key: 'live/security.tfstate', LastModified: '2026-01-01T00:00:00Z' }],
    },
    'iam get-open-id-connect-provider': { ClientIDList: ['sts.amazonaws.com'] },
    'cloudtrail describe-trails': {
      trailList: [{ Name: 'all', TrailARN: 'arn:all', IsMultiRegionTrail: true }],
    },
    'cloudtrail get-trail-status': { IsLogging: true },
    'iam get-role ledger-live-plan': roleFor('live-plan'),
    'iam get-role ledger-live-apply': roleFor('live'),
    'iam get-role ledger-live-publish': roleFor('live'),
    'iam get-role ledger-live-release': roleFor('live'),
    'elbv2 describe-load-balancers': { LoadBalancers: [] },
    'service-quotas get-service-quota L-53DA6B97': { Quota: { Value: 50 } },
    'service-quotas get-service-quota L-0263D0A3': { Quota: { Value: 5 } },
    'service-quotas get-service-quota L-3032A538': { Quota: { Value: 6 } },
    'ec2 describe-addresses': { Addresses: [] },
    'ec2 describe-subnets': { Subnets: [{ SubnetId: 'subnet-1', AvailabilityZoneId: 'usw1-az1' }] },
    'ecr describe-images': {
      imageDetails: [
        { imageTags: ['a'.repeat(40)], imagePushedAt: '2026-01-01T00:00:00Z', imageDigest: 'd' },
      ],
    },
    'ecr batch-get-image': manifestFor('arm64'),
    'sqs get-queue-url': { QueueUrl: 'queue' },
    'sqs get-queue-attributes': { Attributes: { ApproximateNumberOfMessages: '0' } },
    'environments/live': {
      protection_rules: [{ type: 'required_reviewers' }],
      deployment_branch_policy: branches,
    },
    'environments/live-plan': { protection_rules: [], deployment_branch_policy: branches },
    'environments/live/deployment-branch-policies': { branch_policies: [{ name: 'main' }] },
    'environments/live-plan/deployment-branch-policies': { branch_policies: [{ name: 'main' }] },
  };
}

/** The answer of the longest key whose words are all asked for. */
function answering(answers: Answers): Ask {
  return async <Answer>(...args: string[]) => {
    const asked = args.map((arg) => arg.replace('repos/acme/ledger/', ''));
    const key = Object.keys(answers)
      .filter((one) => one.split(' ').every((word) => asked.includes(word)))
      .toSorted((one, other) => other.length - one.length)[0];
    if (key === undefined) throw new Error(`nobody said what ${args.join(' ')} answers`);
    const answer = answers[key];
    if (answer instanceof Error) throw answer;
    return answer as Answer;
  };
}

async function examine(changed: Answers): Promise<Finding[]> {
  const ask = answering({ ...healthy(), ...changed });
  return [
    ...(await examineAccount(SUBJECT, ask)),
    ...(await examineService(SUBJECT, ask, {})),
    ...(await examineGitHub('live', TRUST, 'main', ask)),
  ];
}

const refused = (code: string) => new RefusedError(code, `An error occurred (${code})`);
const branchless = { deployment_branch_policy: null };

/** Each a fault, the check that finds it, and the command that mends it. */
const FAULTS: [string, Answers, string, RegExp][] = [
  ['no bucket', { 's3api head-bucket': refused('404') }, 'state bucket', /^slipway bootstrap live$/],
  ['no versions', { 's3api get-bucket-versioning': null }, 'state bucket', /^slipway bootstrap live$/],
  [
    'a lock left behind',
    {
      's3api list-objects-v2': {
        Contents: [{ Key: 'live/security.tfstate.tflock', LastModified: '2026-01-01T00:00:00Z' }],
      },
    },
    'locks',
    /^aws s3 rm --region us-west-1 s3:\/\/state\/live\/security\.tfstate\.tflock$/,
  ],
  [
    'no provider',
    { 'iam get-open-id-connect-provider': refused('NoSuchEntity') },
    "GitHub's provider",
    /bootstrap live/,
  ],
  [
    'another audience',
    { 'iam get-open-id-connect-provider': { ClientIDList: ['x'] } },
    "GitHub's provider",
    /bootstrap live/,
  ],
  ['no trail', { 'cloudtrail describe-trails': { trailList: [] } }, 'trail', /bootstrap live/],
  [
    'a stopped trail',
    { 'cloudtrail get-trail-status': { IsLogging: false } },
    'trail',
    /^aws cloudtrail start-logging --name arn:all$/,
  ],
  ['no role', { 'iam get-role ledger-live-plan': refused('NoSuchEntity') }, 'role plan', /bootstrap live/],
  [
    "another repository's role",
    { 'iam get-role ledger-live-apply': roleFor('live', 'other') },
    'role apply',
    /--github acme\/ledger --github-ids 3,4 && slipway bootstrap live/,
  ],
  [
    "another environment's role",
    { 'iam get-role ledger-live-release': roleFor('staging') },
    'role release',
    /bootstrap live/,
  ],
  [
    'no load balancer left',
    { 'service-quotas get-service-quota L-53DA6B97': { Quota: { Value: 0 } } },
    'quota of load balancers',
    /L-53DA6B97 --desired-value 1$/,
  ],
  [
    'no address left',
    { 'ec2 describe-addresses': { Addresses: [{}, {}, {}, {}, {}] } },
    'quota of addresses',
    /L-0263D0A3 --desired-value 6$/,
  ],
  [
    'no Fargate',
    { 'service-quotas get-service-quota L-3032A538': { Quota: { Value: 0 } } },
    'quota of Fargate',
    /L-3032A538/,
  ],
  [
    'a zone without Fargate',
    { 'ec2 describe-subnets': { Subnets: [{ SubnetId: 's', AvailabilityZoneId: 'usw1-az2' }] } },
    'zones',
    /--region REGION/,
  ],
  [
    'an image for another architecture',
    { 'ecr batch-get-image': manifestFor('amd64') },
    'newest image',
    /--architecture X86_64$/,
  ],
  [
    'dead letters',
    { 'sqs get-queue-attributes': { Attributes: { ApproximateNumberOfMessages: '2' } } },
    'dead-letter queue',
    /runbooks\/redeployer-dead-letters/,
  ],
  [
    'no GitHub environment',
    { 'environments/live': refused('404') },
    'GitHub environment live',
    /^gh api --method PUT .*environments\/live /,
  ],
  ['every branch allowed', { 'environments/live': branchless }, 'GitHub environment live', /--method PUT/],
  [
    'another branch',
    { 'environments/live/deployment-branch-policies': { branch_policies: [{ name: 'x' }] } },
    'GitHub environment live',
    /deployment-branch-policies --raw-field name='main'$/,
  ],
  [
    'plans that wait',
    { 'environments/live-plan': healthy()['environments/live'] },
    'GitHub environment live-plan',
    /--method PUT/,
  ],
];

describe('doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const findings = await examine({});
    expect(findings.filter(({ result }) => result !== 'ok')).toEqual([]);
  });

  it.each(FAULTS)('finds %s, and says what mends it', async (_, changed, check, mend) => {
    const wrong = (await examine(changed)).filter(({ result }) => result !== 'ok');

    expect(wrong.map((one) => [one.check, one.result])).toEqual([[check, 'wrong']]);
    expect(wrong[0]?.mend).toMatch(mend);
  });

  it('cannot tell what it may not ask', async () => {
    const [finding] = (await examine({ 'cloudtrail describe-trails': refused('AccessDenied') })).filter(
      ({ result }) => result !== 'ok',
    );
    expect(finding).toMatchObject({
      check: 'trail',
      result: 'cannot tell',
      meaning: expect.stringMatching('AccessDenied'),
    });
  });
});

describeNeeds(findTool('terraform', 'tofu'), findTool('jq'))('doctor, in a repository', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-doctor-'));
    await cp(path.join(ROOT, 'examples/consumer'), folder, { recursive: true });
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const wrongIn = async () => {
    const { stdout } = await slipway(folder, ['doctor', '--json']);
    const findings = JSON.parse(stdout) as Finding[];
    // What the machine of the test lacks is another matter.
    return findings.filter(({ result, where }) => result === 'wrong' && where !== 'this machine');
  };

  it('finds nothing wrong in the example, and cannot tell of its accounts', async () => {
    expect(await wrongIn()).toEqual([]);
  });

  it('finds settings that contradict each other, mixed versions and an environment without settings', async () => {
    const common = path.join(folder, 'environments/staging/common.auto.tfvars');
    const domain = 'exposure = "public_ip"\ndomain = { name = "a.example.com", zone_id = "Z0123456789" }\n';
    await writeFile(
      common,
      `name = "ledger"\nenvironment = "staging"\naccount_id = "333333333333"\nregion = "eu-west-1"\n${domain}`,
    );
    await writeFile(
      path.join(folder, 'environments/live/backend.hcl'),
      'bucket = "elsewhere"\nregion = "eu-west-1"\n',
    );
    const call =
      'uses: slipway-dev/slipway/.github/workflows/drift.yml@v1\n    with: { environment: canary }';
    await writeFile(path.join(folder, '.github/workflows/drift.yml'), `jobs:\n  drift:\n    ${call}\n`);

    const found = await wrongIn();

    expect(found.map(({ where, check }) => `${where}: ${check}`)).toEqual([
      'live: state bucket in both files',
      'staging: settings',
      'workflows: one version of Slipway',
      'workflows: environments that exist',
    ]);
    expect(found[1]?.meaning).toContain('domain needs the exposure edge');
  });
});
