import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { examineAccount, type Subject } from '../src/doctor/account.ts';
import { askAws, type Ask, RefusedError } from '../src/doctor/ask.ts';
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

const REVIEW = {
  type: 'required_reviewers',
  prevent_self_review: true,
  reviewers: [{ type: 'User', reviewer: { id: 7 } }],
};

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
      trailList: [{ Name: 'all', TrailARN: 'arn:all', HomeRegion: 'us-east-1', IsMultiRegionTrail: true }],
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
    'sqs get-queue-attributes': { Attributes: { ApproximateNumberOfMessages: '0', QueueArn: 'arn:letters' } },
    'environments/live': { protection_rules: [REVIEW], deployment_branch_policy: branches },
    'environments/live-plan': { protection_rules: [], deployment_branch_policy: branches },
    'environments/live/deployment-branch-policies': { branch_policies: [{ name: 'main' }] },
    'environments/live-plan/deployment-branch-policies': {
      branch_policies: [{ name: 'main' }, { name: 'refs/pull/*/merge' }],
    },
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
    const { refused: code } = (answer ?? {}) as { refused?: string };
    if (code) throw new RefusedError(code, `An error occurred (${code})`);
    return answer as Answer;
  };
}

async function examine(answers: Answers): Promise<Finding[]> {
  const ask = answering(answers);
  const { architecture = SUBJECT.environment.architecture } = answers as { architecture?: string };
  const subject = { ...SUBJECT, environment: { ...SUBJECT.environment, architecture } };
  return [
    ...(await examineAccount(subject, ask)),
    ...(await examineService(subject, ask, {})),
    ...(await examineGitHub('live', TRUST, { branch: 'main', plansPullRequests: true }, ask)),
  ];
}

const wrongWith = async (answers: Answers) =>
  (await examine(answers)).filter(({ result }) => result !== 'ok');
const refused = (code: string) => ({ refused: code });
const unruled = (found: object) => ({
  'environments/live': found,
  'environments/live/deployment-branch-policies': { branch_policies: [] },
});

/** Each a fault, and the check that finds it. The command that it prints is run. */
const FAULTS: [string, Answers, string][] = [
  [
    'a lock left behind',
    {
      's3api list-objects-v2': {
        Contents: [{ Key: 'live/security.tfstate.tflock', LastModified: '2026-01-01T00:00:00Z' }],
      },
    },
    'locks',
  ],
  ['a stopped trail', { 'cloudtrail get-trail-status': { IsLogging: false } }, 'trail'],
  [
    'no load balancer left',
    { 'service-quotas get-service-quota L-53DA6B97': { Quota: { Value: 0 } } },
    'quota of load balancers',
  ],
  [
    'no address left',
    { 'ec2 describe-addresses': { Addresses: [{}, {}, {}, {}, {}] } },
    'quota of addresses',
  ],
  [
    'no Fargate',
    { 'service-quotas get-service-quota L-3032A538': { Quota: { Value: 0 } } },
    'quota of Fargate',
  ],
  ['an image for another architecture', { 'ecr batch-get-image': manifestFor('amd64') }, 'newest image'],
  [
    'dead letters',
    {
      'sqs get-queue-attributes': {
        Attributes: { ApproximateNumberOfMessages: '2', QueueArn: 'arn:letters' },
      },
    },
    'dead-letter queue',
  ],
  ['no GitHub environment', unruled(refused('404')), 'GitHub environment live'],
  [
    'every branch allowed',
    unruled({ protection_rules: [REVIEW], deployment_branch_policy: null }),
    'GitHub environment live',
  ],
  [
    'another branch',
    { 'environments/live/deployment-branch-policies': { branch_policies: [{ name: 'x' }] } },
    'GitHub environment live',
  ],
  [
    'pull requests left out',
    { 'environments/live-plan/deployment-branch-policies': { branch_policies: [{ name: 'main' }] } },
    'GitHub environment live-plan',
  ],
  [
    'plans that wait',
    { 'environments/live-plan': healthy()['environments/live'] },
    'GitHub environment live-plan',
  ],
];

/** What only bootstrap mends: rehearsal/test/applied/bootstrap.spec.ts runs it on all of these. And a zone that nothing mends. */
const BOOTSTRAPPED: [string, Answers, string, RegExp][] = [
  ['no bucket', { 's3api head-bucket': refused('404') }, 'state bucket', /^slipway bootstrap live$/],
  ['no versions', { 's3api get-bucket-versioning': null }, 'state bucket', /^slipway bootstrap live$/],
  [
    'no provider',
    { 'iam get-open-id-connect-provider': refused('NoSuchEntity') },
    "GitHub's provider",
    /^slipway bootstrap live$/,
  ],
  [
    'another audience',
    { 'iam get-open-id-connect-provider': { ClientIDList: ['x'] } },
    "GitHub's provider",
    /^slipway bootstrap live$/,
  ],
  ['no trail', { 'cloudtrail describe-trails': { trailList: [] } }, 'trail', /^slipway bootstrap live$/],
  [
    'no role',
    { 'iam get-role ledger-live-plan': refused('NoSuchEntity') },
    'role plan',
    /^slipway bootstrap live$/,
  ],
  [
    "another repository's role",
    { 'iam get-role ledger-live-apply': roleFor('live', 'other') },
    'role apply',
    /^slipway init live --yes --github acme\/ledger --github-ids 3,4 && slipway bootstrap live$/,
  ],
  [
    "another environment's role",
    { 'iam get-role ledger-live-release': roleFor('staging') },
    'role release',
    /^slipway init live --yes .* && slipway bootstrap live$/,
  ],
  [
    'a zone without Fargate',
    { 'ec2 describe-subnets': { Subnets: [{ SubnetId: 's', AvailabilityZoneId: 'usw1-az2' }] } },
    'zones',
    /another region: slipway init NAME --region REGION$/,
  ],
];

describeNeeds(findTool('jq'))('doctor', () => {
  let folder: string;
  let world: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-doctor-'));
    world = path.join(folder, 'world.json');
    const programs = path.join(ROOT, 'cli/test/bin/programs.mjs');
    await Promise.all(['aws', 'gh', 'slipway'].map((name) => symlink(programs, path.join(folder, name))));
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** Runs a command in this world. @returns the world after it */
  async function carryOut(command: string, answers: Answers): Promise<Answers> {
    await writeFile(world, JSON.stringify(answers));
    const variables = { WORLD: world, PATH: `${folder}${path.delimiter}${process.env['PATH']}` };
    expect(await run('bash', ['-c', command], folder, variables)).toEqual({ code: 0, output: '' });
    return JSON.parse(await readFile(world, 'utf8')) as Answers;
  }

  it('finds nothing wrong where nothing is', async () => {
    expect(await wrongWith(healthy())).toEqual([]);
  });

  it.each(FAULTS)('finds %s, and prints the command that mends it', async (_, changed, check) => {
    const answers = { ...healthy(), ...changed };
    const wrong = await wrongWith(answers);
    expect(wrong).toMatchObject([{ check, result: 'wrong' }]);

    const mended = await carryOut(wrong[0]?.mend ?? '', answers);

    expect(await wrongWith(mended)).toEqual([]);
  });

  it.each(BOOTSTRAPPED)('finds %s, and says what mends it', async (_, changed, check, mend) => {
    const wrong = await wrongWith({ ...healthy(), ...changed });

    expect(wrong).toMatchObject([{ check, result: 'wrong', mend: expect.stringMatching(mend) }]);
  });

  it('leaves the reviewers and the timer of an environment whose branches it binds', async () => {
    const timer = { type: 'wait_timer', wait_timer: 5 };
    const answers = unruled({ protection_rules: [REVIEW, timer], deployment_branch_policy: null });

    const [wrong] = await wrongWith({ ...healthy(), ...answers });

    expect(wrong?.mend).toContain(
      '{"wait_timer":5,"prevent_self_review":true,"reviewers":[{"type":"User","id":7}],"deployment_branch_policy":',
    );
  });

  it('takes an error by its name, whatever a service puts before it', async () => {
    const folderOfOne = await mkdtemp(path.join(folder, 'refusing-'));
    const said =
      'An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation';
    await writeFile(path.join(folderOfOne, 'aws'), `#!/bin/sh\necho '${said}' >&2\nexit 254\n`, {
      mode: 0o755,
    });

    await expect(askAws({ PATH: folderOfOne })('sqs', 'get-queue-url')).rejects.toMatchObject({
      code: 'NonExistentQueue',
    });
  });

  it('cannot tell what it may not ask', async () => {
    const wrong = await wrongWith({ ...healthy(), 'cloudtrail describe-trails': refused('AccessDenied') });

    expect(wrong).toMatchObject([
      { check: 'trail', result: 'cannot tell', meaning: expect.stringMatching('AccessDenied') },
    ]);
  });

  describeNeeds(findTool('aws'))('and the AWS CLI', () => {
    it('takes the commands as they are printed', async () => {
      const changed = FAULTS.map(([, answers]) => answers).reduce((all, one) => ({ ...all, ...one }));
      const commands = (await wrongWith({ ...healthy(), ...changed }))
        .map(({ mend = '' }) => mend)
        .filter((one) => one.startsWith('aws ') && !one.startsWith('aws s3 '));

      for (const command of commands) {
        // It reads what it is given, and asks nobody.
        const read = await run('bash', ['-c', `${command} --generate-cli-skeleton output`], folder);
        expect({ command, ...read }).toMatchObject({ command, code: 0 });
      }
      expect(commands).toHaveLength(5);
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
    const mend = await run('bash', ['-c', found[2]?.mend ?? ''], folder);
    expect(mend.output).toContain('changed  .github/workflows/drift.yml');
    expect((await wrongIn()).map(({ check }) => check)).not.toContain('one version of Slipway');
  });
});
