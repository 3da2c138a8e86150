import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { slipway } from './slipway.ts';

const TERRAFORM = findTool('terraform', 'tofu');
const GITHUB = ['--github', 'acme-example/ledger', '--github-ids', '300000003,400000004', '--branch', 'main'];
const EXAMPLE = path.join(ROOT, 'examples/consumer');

const STAGING = ['staging', '--yes', '--account-id', '333333333333', '--region', 'eu-west-1', ...GITHUB];
const PUBLIC = ['--exposure', 'public_ip', '--allowed-cidr', '198.51.100.0/24'];

let scratch: string;
let variables: string;

/** Every layer's variables with their validations, and nothing else: what Terraform takes in an instant. */
async function writeVariables(folder: string): Promise<void> {
  await mkdir(folder);
  await cp(path.join(ROOT, 'iac/common/environment.tf'), path.join(folder, 'environment.tf'));
  for (const layer of ['bootstrap', 'connectivity', 'security', 'databases', 'application']) {
    const text = await readFile(path.join(ROOT, 'iac', layer, 'variables.tf'), 'utf8');
    // Bootstrap's has locals of its own beside them.
    await writeFile(path.join(folder, `${layer}.tf`), text.replaceAll(/^locals \{.*?^\}/gms, ''));
  }
}

async function repository(name: string): Promise<string> {
  const folder = path.join(scratch, name);
  await mkdir(folder);
  await run('git', ['init', '--quiet'], folder);
  await cp(path.join(EXAMPLE, 'Dockerfile'), path.join(folder, 'Dockerfile'));
  return folder;
}

async function init(folder: string, ...args: string[]) {
  const answer = await slipway(folder, ['init', ...args]);
  expect(answer).toMatchObject({ code: 0 });
  return answer.stdout;
}

async function textsIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    /^(\.github|environments|api)\/.*\.(yml|tfvars)$/.test(name),
  );
  const texts = names.map(async (name) => {
    const text = await readFile(path.join(folder, name), 'utf8');
    return [name, text.replaceAll(/@[0-9a-f]{40} /g, `@${'0'.repeat(40)} `)] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

describeNeeds(TERRAFORM, findTool('jq'))('slipway init', () => {
  beforeAll(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'slipway-init-'));
    variables = path.join(scratch, 'variables');
    await writeVariables(variables);
  });

  afterAll(async () => {
    await rm(scratch, { recursive: true });
  });

  it('writes the example, which the tests of the workflows and of the layers hold to theirs', async () => {
    const folder = await repository('example');

    await init(folder, ...STAGING, ...PUBLIC);
    const said = await init(folder, 'live', '--yes', '--account-id', '444444444444', '--exposure', 'edge');

    expect(await textsIn(folder)).toEqual(await textsIn(EXAMPLE));
    expect(said).toContain('slipway -- bootstrap live');
    expect(said).toContain('slipway -- apply application --environment staging');
  });

  it('changes nothing when it is run again, and shows what other answers would change', async () => {
    const folder = path.join(scratch, 'example');
    const file = path.join(folder, 'environments/staging/common.auto.tfvars');
    await writeFile(file, `${await readFile(file, 'utf8')}\n# A note of somebody's.\n`);
    const before = await textsIn(folder);

    expect(await init(folder, 'staging')).toMatch(/^Nothing to change/);
    const refused = await slipway(folder, ['init', 'staging', '--region', 'eu-north-1']);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('-region      = "eu-west-1"\n+region      = "eu-north-1"');
    expect(await textsIn(folder)).toEqual(before);

    await init(folder, 'staging', '--region', 'eu-north-1', '--yes');
    expect(await readFile(file, 'utf8')).toMatch(/eu-north-1[^]*# A note of somebody's\.\n$/);
  });

  it('asks nothing where nobody can be asked, and names every flag that is missing', async () => {
    const { code, stderr } = await slipway(await repository('silent'), ['init', '--yes']);

    expect(code).toBe(1);
    expect(stderr).toContain('give --github, --github-ids, --name, --account-id, --region.');
  });

  const combinations = [
    PUBLIC,
    ['--exposure', 'edge'],
    ['--domain', 'api.example.com', '--zone-id', 'Z0123456789ABC'],
  ]
    .flatMap((exposure) => ['ARM64', 'X86_64'].map((one) => [...exposure, '--architecture', one]))
    .flatMap((flags) => ['333333333333', '444444444444'].map((account) => ({ flags, account })))
    // Every value of each with every value of the next, and one of several services in its repository now and then.
    .map((one, index) => ({ ...one, folder: index % 3 === 0 ? 'api/environments' : 'environments' }));

  describeNeeds(findTool('actionlint')).each(combinations)(
    'with $flags, live in $account, in $folder',
    ({ flags, account, folder: place }) => {
      it('writes what every layer takes, formatted, and workflows that actionlint passes', async () => {
        const folder = await repository(
          `combination-${combinations.findIndex((one) => one.flags === flags && one.account === account)}`,
        );
        const where = ['--environments-path', place, '--email', 'team@example.com'];
        await init(folder, ...STAGING, ...flags, ...where);
        await init(folder, 'live', '--yes', '--account-id', account, '--exposure', 'edge', ...where);

        const settings = path.join(folder, place);
        expect(await run(TERRAFORM ?? '', ['fmt', '-check', '-recursive'], settings)).toMatchObject({
          code: 0,
        });
        for (const environment of ['staging', 'live']) {
          const files = (await readdir(path.join(settings, environment))).map((name) =>
            path.join(settings, environment, name),
          );
          // An account is bootstrapped once, from the folder of its first environment.
          if (!files.some((file) => file.includes('bootstrap.')))
            files.push(path.join(settings, 'staging/bootstrap.auto.tfvars'));
          const args = ['-input=false', '-no-color', '-var=redeployer_zip=./environment.tf'];
          const answer = await run(
            TERRAFORM ?? '',
            ['plan', ...args, ...files.map((file) => `-var-file=${file}`)],
            variables,
          );
          expect(answer.output).not.toMatch(/Error|Warning/);
        }
        expect(await run('actionlint', ['-no-color'], folder)).toMatchObject({ code: 0 });
      });
    },
  );
});
