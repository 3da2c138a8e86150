import { execFileSync, spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { clientsOf, control, REGION } from '@slipway/test-helpers/emulator/aws';
import { emulatorPython, startEmulator, type Emulator } from '@slipway/test-helpers/emulator/emulator';
import { createService, findNetwork, seenByScheduler } from '@slipway/test-helpers/emulator/service';
import { ROOT } from '@slipway/test-helpers/root';
import { findTerraform, providerSource } from '@slipway/test-helpers/terraform/provider-source';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { consolesOf, shellBlocks } from './support/markdown.ts';

const { version } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const TARBALL = `https://github.com/slipway-dev/slipway/releases/download/v${version}/slipway-cli-${version}.tgz`;
const LAYERS = ['connectivity', 'security', 'databases', 'application'];

/** The programs of others, and the ways to the tool; nobody can be asked here, so all is agreed to. */
const STUBS = {
  npx: `[ "$1" != --yes ] || shift
[ "$1" = '${TARBALL}' ] || { echo "npx: no $1" >&2 && exit 1; }
shift
slipway "$@"`,
  npm: `[ "$1 $2 $3" = 'run slipway --' ] || exit 0
shift 3
slipway "$@"`,
  slipway: `case $1 in init | bootstrap | apply) set -- "$@" --yes ;; esac
exec node "$KIT/slipway.mjs" "$@"`,
  gh: `case "$*" in
  'api repos/acme-example/ledger --jq '*) echo 300000003,400000004 ;;
  'api --method '*) echo "$*" >>"$CALLS" ;;
  *) echo 'gh: Not Found (HTTP 404)' >&2 && exit 1 ;;
esac`,
  // Version 1 of the CLI has addresses of its own for some services, which AWS_ENDPOINT_URL does not override.
  aws: `[ "$1" != sts ] || [ -z "\${ACCOUNT:-}" ] || { echo "$ACCOUNT" && exit; }
exec "$AWS" --endpoint-url "$AWS_ENDPOINT_URL" "$@"`,
  docker: `echo "docker $*" >>"$CALLS"; [ "$1" != login ] || cat >/dev/null`,
};

/** Of bootstrap what `bootstrap.sh` itself looks at: the real one is applied in rehearsal/test/applied. */
const SMALL_BOOTSTRAP = `resource "aws_s3_bucket" "state" {
  bucket = local.state_bucket
}

resource "aws_kms_key" "this" {}

resource "aws_kms_alias" "this" {
  name          = "alias/\${local.prefix}"
  target_key_id = aws_kms_key.this.key_id
}
`;

/** Of each layer its variables, and nothing that needs a provider. */
const SMALL_LAYER = `terraform {
  backend "s3" {}
}

resource "terraform_data" "origin_secret" {
  for_each = toset(["a", "b"])
}
`;

async function makeSmall(layer: string, main: string, ...more: string[]): Promise<void> {
  const kept = ['environment.tf', 'variables.tf', ...more];
  const files = (await readdir(layer)).filter((file) => !kept.includes(file));
  await Promise.all(files.map((file) => rm(path.join(layer, file))));
  await writeFile(path.join(layer, 'main.tf'), main);
}

const page = (file: string) => readFile(path.join(ROOT, file), 'utf8');

/** What README.md shows of a command, in the order in which it was written. */
async function expectShown(command: string, output: string): Promise<void> {
  const shown = consolesOf(await page('README.md')).find((one) => one.command.endsWith(`.tgz ${command}`));
  const lines = output.split('\n').map((line) => line.trimEnd());
  let from = 0;
  const missing = (shown?.lines ?? ['nothing']).filter((line) => {
    if (line === '…') return false;
    const at = lines.indexOf(line, from);
    if (at !== -1) from = at + 1;
    return at === -1;
  });
  expect({ missing, output }).toEqual({ missing: [], output });
}

/**
 * The first day of another repository, as the page for platform teams has it, with the tool as a version publishes it but for
 * layers in which little is made. One story: each test goes on where the one before it ended.
 */
describeNeeds(
  emulatorPython,
  await findTerraform('terraform'),
  ...['aws', 'git', 'jq'].map((tool) => findTool(tool)),
)('the first day', () => {
  let emulator: Emulator;
  let scratch: string;
  let ledger: string;
  let environment: Record<string, string>;
  let commands: string[];
  let left: string[];

  /** Runs a command in the repository, as it is written. @param heard is called with all that was written so far. */
  async function shell(
    command: string,
    { heard = () => {}, account = '' }: { heard?: (output: string) => void; account?: string } = {},
  ) {
    const child = spawn(
      'bash',
      ['-c', `${commands.filter((one) => one.includes('() {')).join('\n')}\n${command}`],
      {
        cwd: ledger,
        env: { ...environment, ACCOUNT: account },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        heard(output);
      });
    }
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, output };
  }

  beforeAll(async () => {
    emulator = await startEmulator();
    scratch = await mkdtemp(path.join(tmpdir(), 'slipway-first-day-'));
    commands = shellBlocks(await page('docs/platform-teams.md')).flatMap((block) => block.trim().split('\n'));

    execFileSync(process.execPath, [path.join(ROOT, 'cli/scripts/build.mjs')]);
    const kit = path.join(scratch, 'kit');
    await cp(path.join(ROOT, 'cli/dist/package'), kit, { recursive: true });
    const bootstrap = path.join(kit, 'iac/bootstrap');
    await makeSmall(bootstrap, SMALL_BOOTSTRAP, 'terraform.tf', '.terraform.lock.hcl', 'bootstrap.sh');
    await Promise.all(LAYERS.map((layer) => makeSmall(path.join(kit, 'iac', layer), SMALL_LAYER)));

    const bin = path.join(scratch, 'bin');
    await mkdir(bin);
    for (const [name, text] of Object.entries(STUBS)) {
      await writeFile(path.join(bin, name), `#!/usr/bin/env bash\n${text}\n`);
      await chmod(path.join(bin, name), 0o755);
    }
    ledger = path.join(scratch, 'ledger');
    const upstream = path.join(scratch, 'upstream.git');
    await mkdir(ledger);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: ledger, stdio: 'ignore' });
    git('init', '--bare', upstream);
    git('init', '--initial-branch=main');
    git('remote', 'add', 'origin', 'https://github.com/acme-example/ledger.git');
    git('config', `url.${upstream}.pushInsteadOf`, 'https://github.com/acme-example/ledger.git');
    git('config', 'user.name', 'Somebody');
    git('config', 'user.email', 'somebody@example.com');
    await cp(path.join(ROOT, 'examples/consumer/Dockerfile'), path.join(ledger, 'Dockerfile'));

    environment = {
      PATH: `${bin}${path.delimiter}${process.env['PATH']}`,
      HOME: scratch,
      KIT: kit,
      AWS: findTool('aws') ?? '',
      CALLS: path.join(scratch, 'calls'),
      AWS_ENDPOINT_URL: emulator.url,
      AWS_ACCESS_KEY_ID: 'administrator',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      GOGC: process.env['GOGC'] ?? '',
      ...providerSource('terraform'),
    };
  });

  afterAll(async () => {
    await emulator.stop();
    await rm(scratch, { recursive: true });
  });

  it('begins with init, which finds everything out and says what is left, as README.md shows', async () => {
    const { code, output } = await shell('slipway init staging');

    expect(commands).toContain('slipway init staging');
    await expectShown('init staging', output);
    expect(code).toBe(0);
    left = [...output.matchAll(/^ {3}(\S.*)$/gm)].map(([, command = '']) => command);
    expect(left[0]).toBe(`npx ${TARBALL} bootstrap staging`);
    expect(left[1]).toBe(`npx ${TARBALL} apply all --environment staging`);
  });

  it('has doctor say what is not there yet, as README.md shows', async () => {
    const { code, output } = await shell('slipway doctor');

    expect(commands).toContain('slipway doctor');
    await expectShown('doctor', output);
    expect(code).toBe(1);
  });

  it('goes on with the commands that init said, up to the first release', async () => {
    const last = left.pop() ?? '';
    for (const command of left) {
      const { code, output } = await shell(command);
      expect({ command, code, output }).toMatchObject({ code: 0 });
    }
    expect((await readFile(environment['CALLS'] ?? '', 'utf8')).split('\n')[0]).toContain(
      'api --method PUT repos/acme-example/ledger/environments/staging --input -',
    );

    // What the real layer makes, and then the redeployer of the image that was pushed.
    const service = await release('ledger-staging');
    let isCompleted = false;
    const heard = (said: string) => {
      if (isCompleted || !said.includes('under way')) return;
      isCompleted = true;
      void seenByScheduler(emulator.url, service).then(({ primary }) =>
        control(emulator.url, 'deployments/complete', { service, deployment: primary.id }),
      );
    };
    const { code, output } = await shell(last, { heard });
    expect(last).toBe(`npx ${TARBALL} status staging --watch`);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('completed') });
    expect((await shell('slipway status staging --history')).output).toMatch(
      /^staging\n +1 .* pushed +completed/,
    );
  });

  it('has a second environment, which runs what the first one runs', async () => {
    const { code, output } = await shell('slipway init live', { account: '444444444444' });

    expect(commands).toContain('slipway init live');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(`npx ${TARBALL} bootstrap live`);
    // Every command of the page was run above.
    expect(commands.filter((one) => !/^slipway(\(\) | init (staging|live)$| doctor$)/.test(one))).toEqual([]);
  });

  it('can change the origin secret with the command of iac/README.md', async () => {
    const line = (await page('iac/README.md')).split('\n').find((one) => one.startsWith('TF_CLI_ARGS_plan='));
    const { code, output } = await shell(
      (line ?? '').replace('--environment production', '--environment staging'),
    );

    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('terraform_data.origin_secret["b"] will be replaced, as requested');
    expect(output).not.toContain('terraform_data.origin_secret["a"] will be');
  });

  it('can have an image pushed by hand, and its snapshots listed, with the commands of iac/README.md', async () => {
    await clientsOf(emulator.url).ecr.send(
      new CreateRepositoryCommand({ repositoryName: 'slipway-development' }),
    );
    const blocks = shellBlocks(await page('iac/README.md')).filter((one) => one.includes('aws '));
    const { code, output } = await shell(
      `set -euo pipefail\n${blocks.join('').replaceAll('us-east-1', REGION)}`,
    );

    expect({ code, output }).toMatchObject({ code: 0 });
    expect(await readFile(environment['CALLS'] ?? '', 'utf8')).toMatch(
      new RegExp(
        `docker buildx build .* --tag \\S+\\.${REGION}\\.amazonaws\\.com/slipway-development:[0-9a-f]{40} --push \\.`,
      ),
    );
  });

  /** A service whose first release is being rolled out. */
  async function release(name: string): Promise<string> {
    const { ecs } = clientsOf(emulator.url);
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ledger, encoding: 'utf8' }).trim();
    const tags = {
      commit,
      digest: `sha256:${'1'.repeat(64)}`,
      template: `${name}-template:1`,
      cause: 'pushed',
    };
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        cpu: '256',
        memory: '512',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        containerDefinitions: [{ name: 'ledger', image: 'placeholder' }],
        tags: [...Object.entries(tags), ['released-at', new Date().toISOString()]].map(([key, value]) => ({
          key,
          value,
        })),
      }),
    );
    return createService(ecs, await findNetwork(emulator.url), {
      cluster: name,
      serviceName: name,
      taskDefinition: name,
      desiredCount: 1,
    });
  }
});
