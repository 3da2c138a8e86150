import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { providerSource } from '@slipway/test-helpers/terraform/provider-source';
import { run, type Run } from '@slipway/test-helpers/terraform/terraform';
import { eventually } from '@slipway/test-helpers/eventually';
import { describeEmulator, startEmulator, type Emulator } from '@slipway/test-helpers/emulator/emulator';
import { awsEnvironment } from '../../stage/aws.ts';
import { copyCheckout } from '../../stage/copy-layers.ts';
import type { Resource, State } from './support/plan.ts';
import { policiesOf } from './support/policies.ts';

const ACCOUNT = '111111111111';
const REGION = 'ap-northeast-1';
/** The longest of everything that the settings accept. */
const LONGEST = {
  name: 'customer-portal-api',
  environment: 'acceptance-9',
  bucket: `${'s'.repeat(51)}-${ACCOUNT.slice(1)}`,
  organisation: 'o'.repeat(39),
  repository: 'r'.repeat(100),
};
const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;

describeEmulator('bootstrap in an account that is not empty', () => {
  let emulator: Emulator;
  let folder: string;
  let variables: Record<string, string>;

  beforeAll(async () => {
    emulator = await startEmulator('--auto', '--account', ACCOUNT);
    folder = mkdtempSync(path.join(tmpdir(), 'slipway-bootstrap-'));
    await copyCheckout(folder);
    // The commit that init pins to.
    const committing = ['-c', 'user.name=copy', '-c', 'user.email=copy@localhost', 'commit', '--quiet'];
    await run('git', ['init', '--quiet'], folder);
    await run('git', [...committing, '--allow-empty', '--message', 'copy'], folder);
    variables = {
      ...providerSource('terraform'),
      ...awsEnvironment(emulator.url, REGION),
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TF_CLI_ARGS: '-no-color',
    };
    // What a company's account has: a provider for other tokens of GitHub, and a trail.
    const provider = ['--url', 'https://token.actions.githubusercontent.com', '--client-id-list', 'other'];
    await aws('iam', 'create-open-id-connect-provider', ...provider);
    await aws('s3api', 'create-bucket', '--bucket', 'the-trail', ...located());
    await aws(
      'cloudtrail',
      'create-trail',
      '--name',
      'the-trail',
      '--s3-bucket-name',
      'the-trail',
      '--is-multi-region-trail',
    );
  }, 600_000);

  afterAll(async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });

  test('that is broken off with Ctrl-C has its state in the bucket', async () => {
    const settings = write('longest', LONGEST);
    const child = spawn(script(), [settings, '-auto-approve'], {
      cwd: folder,
      env: { ...process.env, ...variables },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (said += text.toString()));
    const ended = once(child, 'exit');
    await eventually(() => expect(said).toContain('aws_iam_role.github'), 6000);

    // As a terminal does it: to everything in the foreground.
    process.kill(-(child.pid ?? 0), 'SIGINT');

    await ended;
    expect(child.exitCode).not.toBe(0);
    expect(await keysIn(LONGEST.bucket)).toContain(`${LONGEST.environment}/bootstrap.tfstate`);
    expect(existsSync(path.join(folder, 'iac/bootstrap/terraform.tfstate'))).toBe(false);
  });

  test('goes on where it was broken off, and uses the provider and the trail that are there', async () => {
    expect(await bootstrap('longest')).toMatchObject({ code: 0 });

    const { ClientIDList } = await aws<{ ClientIDList: string[] }>(
      'iam',
      'get-open-id-connect-provider',
      '--open-id-connect-provider-arn',
      GITHUB,
    );
    expect(ClientIDList).toEqual(['other', 'sts.amazonaws.com']);
    const { trailList } = await aws<{ trailList: { Name: string }[] }>('cloudtrail', 'describe-trails');
    expect(trailList.map(({ Name }) => Name)).toEqual(['the-trail']);
    expect(await roles()).toHaveLength(4);
    expect(await keyOfState()).toBe(await keyOfAlias());
  });

  test('changes nothing when it is run again', async () => {
    const { code, output } = await bootstrap('longest');

    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining('Resources: 0 added, 0 changed, 0 destroyed'),
    });
  });

  test('makes nothing that AWS has no room for, at the longest names', async () => {
    const resources = await resourcesOf();
    const sizes = policiesOf(resources).map(
      ({ address, text }) => [address, text.replaceAll(/\s/g, '').length] as const,
    );
    const over = (kind: RegExp, limit: number) =>
      sizes.filter(([address, size]) => kind.test(address) && size > limit);

    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(over(/^aws_iam_policy\./, 6144)).toEqual([]);
    expect(over(/^aws_iam_role\./, 2048)).toEqual([]);
    expect(over(/^aws_iam_role_policy\./, 10_240)).toEqual([]);
    const long = resources.filter(
      ({ type, values }) => typeof values['name'] === 'string' && values['name'].length > most(type),
    );
    expect(long.map(({ address }) => address)).toEqual([]);
    process.stdout.write(`${sizes.map(([address, size]) => `${size} ${address}`).join('\n')}\n`);
  });

  test('makes a second service beside the first, and neither owns what the other uses', async () => {
    const first = ids(await resourcesOf());
    write('live', { ...LONGEST, name: 'ledger', environment: 'live', bucket: undefined });

    expect(await bootstrap('live')).toMatchObject({ code: 0 });

    const shared = ids(await resourcesOf()).filter((id) => first.includes(id));
    expect(shared).toEqual([]);
    expect(await keysIn(`ledger-live-state-${ACCOUNT}`)).toEqual(['live/bootstrap.tfstate']);
  });

  test('mends what has been spoilt since, by the commands that doctor prints', async () => {
    const bucket = `ledger-live-state-${ACCOUNT}`;
    await aws(
      's3api',
      'put-bucket-versioning',
      '--bucket',
      bucket,
      '--versioning-configuration',
      'Status=Suspended',
    );
    await aws('iam', 'delete-open-id-connect-provider', '--open-id-connect-provider-arn', GITHUB);
    await aws('cloudtrail', 'delete-trail', '--name', 'the-trail');
    await retrust('ledger-live-apply', `/${LONGEST.repository}`, '/another');
    await retrust('ledger-live-release', ':environment:live', ':environment:staging');

    const wrong = await wrongInLive();
    expect(wrong.map(({ check }) => check)).toEqual([
      'state bucket',
      "GitHub's provider",
      'trail',
      'role apply',
      'role release',
    ]);
    for (const command of new Set(wrong.map(({ mend }) => mend))) {
      // What Terraform asks is answered.
      const answered = ['-c', `yes yes | { ${command}; }`];
      const { code, output } = await run('bash', answered, folder, { ...variables, TF_INPUT: undefined });
      expect(code === 0 ? '' : output).toBe('');
    }
    expect(await wrongInLive()).toEqual([]);
  });

  test('refuses a bucket that holds something else', async () => {
    await aws('s3api', 'create-bucket', '--bucket', 'not-yours', ...located());
    await aws('s3api', 'put-object', '--bucket', 'not-yours', '--key', 'photo.jpg');
    write('taken', { ...LONGEST, bucket: 'not-yours' });

    const { code, output } = await bootstrap('taken');

    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(
        /^error: The bucket not-yours is there, and holds no .*name another state_bucket/m,
      ),
    });
    expect(await keysIn('not-yours')).toEqual(['photo.jpg']);
  });

  test('refuses the credentials of another account, and settings that are not there', async () => {
    write('elsewhere', LONGEST, '222222222222');

    expect((await bootstrap('elsewhere')).output).toContain(
      `error: These credentials are of account ${ACCOUNT}, and acceptance-9 belongs to 222222222222.`,
    );
    expect((await bootstrap('nowhere')).output).toMatch(
      /^error: There is no \S+common\.auto\.tfvars: copy the folder/m,
    );
  });

  function script(): string {
    return path.join(folder, 'iac/bootstrap/bootstrap.sh');
  }

  function bootstrap(settings: string): Promise<Run> {
    return run(script(), [path.join(folder, 'settings', settings), '-auto-approve'], folder, variables);
  }

  /** A settings folder of another repository. Without a bucket it leaves the backend to the defaults. */
  function write(
    name: string,
    { bucket, ...one }: Omit<typeof LONGEST, 'bucket'> & { bucket: string | undefined },
    account = ACCOUNT,
  ): string {
    const to = path.join(folder, 'settings', name);
    mkdirSync(to, { recursive: true });
    const alias = `alias/${one.name}-${one.environment}`;
    if (bucket !== undefined) {
      writeFileSync(
        path.join(to, 'backend.hcl'),
        `bucket = "${bucket}"\nregion = "${REGION}"\nencrypt = true\nkms_key_id = "${alias}"\nuse_lockfile = true\n`,
      );
    }
    writeFileSync(
      path.join(to, 'common.auto.tfvars'),
      `name = "${one.name}"\nenvironment = "${one.environment}"\naccount_id = "${account}"\nregion = "${REGION}"\n` +
        `${bucket === undefined ? '' : `state_bucket = "${bucket}"\n`}exposure = "public_ip"\narchitecture = "ARM64"\n`,
    );
    const zone = `Z${'0'.repeat(31)}`;
    writeFileSync(
      path.join(to, 'bootstrap.auto.tfvars'),
      `github = {\n  organisation = "${one.organisation}"\n  organisation_id = "999999999999"\n` +
        `  repository = "${one.repository}"\n  repository_id = "999999999999"\n}\n` +
        `environments = { ${one.environment} = { hosted_zone_id = "${zone}" } }\n`,
    );
    return to;
  }

  async function aws<T>(...args: string[]): Promise<T> {
    const { code, output } = await run('aws', [...args, '--output', 'json'], folder, variables);
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${output}`);
    return JSON.parse(output || 'null') as T;
  }

  /** What doctor finds wrong in the account of the environment live. */
  async function wrongInLive(): Promise<{ check: string; mend: string }[]> {
    const doctor = ['run', '--silent', 'slipway', '--', 'doctor', 'live', '--environments-path', 'settings'];
    const { output } = await run('npm', [...doctor, '--json'], folder, variables);
    const findings = JSON.parse(output) as { where: string; check: string; result: string; mend: string }[];
    return findings.filter(({ where, result }) => where === 'live' && result === 'wrong');
  }

  /** Changes whom a role trusts. */
  async function retrust(role: string, from: string, to: string): Promise<void> {
    const { Role } = await aws<{ Role: { AssumeRolePolicyDocument: object } }>(
      'iam',
      'get-role',
      '--role-name',
      role,
    );
    const document = JSON.stringify(Role.AssumeRolePolicyDocument).replaceAll(from, to);
    await aws('iam', 'update-assume-role-policy', '--role-name', role, '--policy-document', document);
  }

  async function roles(): Promise<string[]> {
    const { Roles } = await aws<{ Roles: { RoleName: string; Path: string }[] }>('iam', 'list-roles');
    return Roles.filter(({ Path }) => Path === '/bootstrap/').map(({ RoleName }) => RoleName);
  }

  async function keysIn(bucket: string): Promise<string[]> {
    const { Contents = [] } = await aws<{ Contents?: { Key: string }[] }>(
      's3api',
      'list-objects-v2',
      '--bucket',
      bucket,
    );
    return Contents.map(({ Key }) => Key);
  }

  async function keyOfState(): Promise<string> {
    const object = ['--bucket', LONGEST.bucket, '--key', `${LONGEST.environment}/bootstrap.tfstate`];
    return (await aws<{ SSEKMSKeyId: string }>('s3api', 'head-object', ...object)).SSEKMSKeyId;
  }

  async function keyOfAlias(): Promise<string> {
    const alias = `alias/${LONGEST.name}-${LONGEST.environment}`;
    return (await aws<{ KeyMetadata: { Arn: string } }>('kms', 'describe-key', '--key-id', alias)).KeyMetadata
      .Arn;
  }

  /** What the bootstrap that ran last keeps in its state. */
  async function resourcesOf(): Promise<Resource[]> {
    const { output } = await run(
      'terraform',
      ['show', '-json'],
      path.join(folder, 'iac/bootstrap'),
      variables,
    );
    return (JSON.parse(output) as State).values?.root_module.resources ?? [];
  }
});

function located(): string[] {
  return ['--create-bucket-configuration', `LocationConstraint=${REGION}`];
}

function ids(resources: Resource[]): string[] {
  return resources.filter(({ mode }) => mode === 'managed').map(({ values }) => String(values['id']));
}

/** The longest name of a kind. */
function most(type: string): number {
  return { aws_iam_role: 64, aws_iam_policy: 128, aws_kms_alias: 256, aws_s3_bucket: 63 }[type] ?? 128;
}
