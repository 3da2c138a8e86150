import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { runScript } from './support/script.ts';

const PLAIN = `name = "ledger"
environment = "live"
account_id = "444444444444"
region = "eu-west-1"
architecture = "X86_64"
`;
const EXPECTED = {
  environment: 'live',
  'account-id': '444444444444',
  region: 'eu-west-1',
  architecture: 'X86_64',
  repository: 'ledger-live',
  cluster: 'ledger-live',
  service: 'ledger-live',
  'plan-role-arn': 'arn:aws:iam::444444444444:role/bootstrap/ledger-live-plan',
  'apply-role-arn': 'arn:aws:iam::444444444444:role/bootstrap/ledger-live-apply',
  'publish-role-arn': 'arn:aws:iam::444444444444:role/bootstrap/ledger-live-publish',
  'release-role-arn': 'arn:aws:iam::444444444444:role/bootstrap/ledger-live-release',
};

describeNeeds(findTool('terraform'), findTool('jq'))('the settings of an environment', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'settings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(common: string | undefined, given: Record<string, string> = {}) {
    await rm(path.join(folder, 'live'), { recursive: true, force: true });
    await mkdir(path.join(folder, 'live'));
    if (common !== undefined) await writeFile(path.join(folder, 'live/common.auto.tfvars'), common);
    return runScript('read-environment/read.sh', { ENVIRONMENT: 'live', ENVIRONMENTS: folder, ...given });
  }

  it.each([
    ['plain', PLAIN],
    [
      'with a value over several lines',
      `domain = {\n  name = "api.example.com"\n  zone_id = "Z0123456789"\n}\n${PLAIN}`,
    ],
    [
      'in a comment too',
      `/* name = "other"\nregion = "us-east-1" */\n# name = "other"\n// name = "other"\n${PLAIN}`,
    ],
    [
      'in a text over several lines',
      `note = <<-EOT\n  name = "other"\n  region = "us-east-1"\nEOT\n${PLAIN}`,
    ],
    ['as names in quotes, with escapes', PLAIN.replace('name = "ledger"', 'name = "l\\u0065dger" # "other"')],
    ['with Windows line ends', PLAIN.replaceAll('\n', '\r\n')],
    ['on one line with a block', `tags = { name = "other" }\n${PLAIN}`],
  ])('are read as Terraform reads them: %s', async (_, common) => {
    const { said, outputs } = await read(common);
    expect([said, outputs]).toEqual(['', EXPECTED]);
  });

  it('take their defaults from iac/every-layer, and nothing from the environment of the runner', async () => {
    const { outputs } = await read(PLAIN.replace(/architecture.*\n/, ''), { TF_VAR_architecture: 'X86_64' });
    expect(outputs['architecture']).toBe('ARM64');
  });

  it('can each be given instead', async () => {
    const given = {
      REGION: 'us-east-1',
      SERVICE: 'other',
      PLAN_ROLE_ARN: 'arn:aws:iam::444444444444:role/mine',
    };
    const { outputs } = await read(PLAIN, given);
    expect(outputs).toEqual({
      ...EXPECTED,
      region: 'us-east-1',
      service: 'other',
      'plan-role-arn': given.PLAN_ROLE_ARN,
    });

    const alone = await read(undefined, {
      ACCOUNT_ID: '444444444444',
      REGION: 'eu-west-1',
      REPOSITORY: 'mine',
    });
    expect(alone.outputs).toMatchObject({
      region: 'eu-west-1',
      repository: 'mine',
      service: '',
      'plan-role-arn': '',
    });
  });

  it.each<[string, string | undefined, string]>([
    ['a file that is not there', undefined, 'There is no environment live: no file'],
    ['what Terraform refuses', 'name = \n', 'Terraform cannot read'],
    [
      'another environment',
      PLAIN.replace('"live"', '"staging"'),
      'has to be live, as its folder is called; it is staging',
    ],
    ['a name that is missing', PLAIN.replace(/^name.*/, ''), 'name in FILE has to be the name of the system'],
    [
      'an account that is missing',
      PLAIN.replace(/account_id.*/, ''),
      'account_id in FILE has to be the 12 digits of an AWS account; it is missing',
    ],
    [
      'a wrong region',
      PLAIN.replace('eu-west-1', 'eu-wst'),
      'region in FILE has to be an AWS region, such as eu-west-1; it is eu-wst',
    ],
    [
      'an unknown processor',
      PLAIN.replace('X86_64', 'RISCV'),
      'architecture in FILE has to be ARM64 or X86_64',
    ],
  ])('say what is wrong with %s', async (_, common, sentence) => {
    const { code, said, outputs } = await read(common);
    expect([code, outputs]).toEqual([1, {}]);
    expect(said).toContain(sentence.replace('FILE', path.join(folder, 'live/common.auto.tfvars')));
  });

  it('name the environments that are there', async () => {
    await read(PLAIN);
    const { said } = await runScript('read-environment/read.sh', {
      ENVIRONMENT: 'lve',
      ENVIRONMENTS: folder,
    });
    expect(said).toContain('There is: live.');
  });
});

describeNeeds(findTool('terraform'), findTool('jq'))('the layers of a caller', () => {
  it('are the folders with a backend, without what they share and what is applied by hand', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'layers-'));
    const write = async (file: string, text: string) => {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    };
    await write('environments/live/common.auto.tfvars', PLAIN);
    for (const layer of ['network', 'queues', 'bootstrap', 'every-layer']) {
      await write(`terraform/${layer}/backend.tf`, 'terraform {\n  backend "s3" {}\n}\n');
    }
    await write('terraform/modules/main.tf', 'variable "name" {}\n');
    const list = (LAYERS: string) =>
      runScript('list-layers/list.sh', { ENVIRONMENTS: `${folder}/environments`, LAYERS });

    const { outputs } = await list(`${folder}/terraform`);
    const matrix = JSON.parse(outputs['matrix'] ?? '') as { environment: string; layer: string }[];
    expect(matrix.map(({ environment, layer }) => `${environment}/${layer}`)).toEqual([
      'live/network',
      'live/queues',
    ]);
    expect((await list(`${folder}/none`)).said).toContain('There is no layer in');
    await rm(folder, { recursive: true });
  });
});
