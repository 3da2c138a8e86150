import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ROOTS } from '@slipway/test-helpers/terraform/layers';
import { findTerraform } from '@slipway/test-helpers/terraform/provider-source';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import {
  COMBINATIONS,
  EXAMPLE,
  init,
  LIVE_ACCOUNT,
  makeRepository,
  PUBLIC,
  STAGING,
  writeCombination,
} from '@slipway/test-helpers/cli/combinations';
import { MockedPlans } from './mocked-plans.ts';
import { slipway } from '@slipway/test-helpers/cli/slipway';

const TERRAFORM = findTool('terraform', 'tofu');
const PROVIDED = (await findTerraform('terraform')) ?? (await findTerraform('tofu'));
/** One of the two is enough: the settings are the same for both. */
const PROGRAM = (await findTerraform('terraform')) === undefined ? 'tofu' : 'terraform';
const SERVICES = COMBINATIONS.find(({ folder }) => folder !== 'environments');

let scratch: string;

async function repository(name: string): Promise<string> {
  const folder = path.join(scratch, name);
  await makeRepository(folder);
  return folder;
}

async function textsIn(
  folder: string,
  which = /^(\.github|environments)\/.*\.(yml|tfvars)$/,
): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => which.test(name));
  const texts = names.map(async (name) => {
    const text = await readFile(path.join(folder, name), 'utf8');
    return [name, text.replaceAll(/@[0-9a-f]{40} /g, `@${'0'.repeat(40)} `)] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

// One story: the plans at its end are of all that was written before.
describeNeeds(TERRAFORM, findTool('jq'))('slipway init', () => {
  beforeAll(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'slipway-init-'));
  });

  afterAll(async () => {
    await rm(scratch, { recursive: true });
  });

  it('writes the example, which the tests of the workflows and of the layers hold to theirs', async () => {
    const folder = await repository('example');

    await init(folder, 'staging', ...STAGING, ...PUBLIC);
    const said = await init(folder, 'live', '--account-id', LIVE_ACCOUNT, '--exposure', 'edge');

    expect(await textsIn(folder)).toEqual(await textsIn(EXAMPLE));
    expect(said).toContain('slipway -- bootstrap live');
    expect(said).toContain('slipway -- apply application --environment staging');
  });

  it('changes nothing when it is run again, and shows what other answers would change', async () => {
    const folder = path.join(scratch, 'example');
    const file = path.join(folder, 'environments/staging/common.auto.tfvars');
    await writeFile(file, `${await readFile(file, 'utf8')}\n# A note of somebody's.\n`);
    const before = await textsIn(folder);

    expect((await slipway(folder, ['init', 'staging'])).stdout).toMatch(/^Nothing to change/);
    const refused = await slipway(folder, ['init', 'staging', '--region', 'eu-north-1']);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('-region      = "eu-west-1"\n+region      = "eu-north-1"');
    expect(await textsIn(folder)).toEqual(before);

    await init(folder, 'staging', '--region', 'eu-north-1');
    expect(await readFile(file, 'utf8')).toMatch(/eu-north-1[^]*# A note of somebody's\.\n$/);
  });

  it('asks nothing where nobody can be asked, and names every flag that is missing', async () => {
    const { code, stderr } = await slipway(await repository('silent'), ['init', '--yes']);

    expect(code).toBe(1);
    expect(stderr).toContain('give --github, --github-ids, --name, --account-id, --region.');
  });

  describeNeeds(findTool('actionlint')).each(COMBINATIONS)('with $name', (combination) => {
    it('writes settings in their format, and workflows that actionlint passes and test/act runs', async () => {
      const folder = path.join(scratch, combination.name);

      await writeCombination(folder, combination);

      expect(await run('actionlint', ['-no-color'], folder)).toMatchObject({ code: 0 });
      const settings = path.join(folder, combination.folder);
      expect(await run(TERRAFORM ?? '', ['fmt', '-check', '-recursive'], settings)).toMatchObject({
        code: 0,
      });
      // consumer.spec.ts runs the example's there, and init.spec.ts those of several services.
      const isRun =
        combination.folder === 'environments' ? EXAMPLE : path.join(scratch, SERVICES?.name ?? '');
      expect(await textsIn(folder, /^\.github\/workflows\//)).toEqual(
        await textsIn(isRun, /^\.github\/workflows\//),
      );
    });
  });

  describeNeeds(PROVIDED)('and every layer', () => {
    let plans: MockedPlans;

    beforeAll(async () => {
      plans = await MockedPlans.prepare(PROGRAM, path.join(scratch, 'iac'));
    });

    afterAll(() => plans.end());

    it.each(ROOTS)('%s is planned with what it writes for every combination', async (root) => {
      const { code, output, planned } = await plans.plan(
        root,
        COMBINATIONS.flatMap(({ name, folder }) =>
          ['staging', 'live'].map((one) => path.join(scratch, name, folder, one)),
        ),
      );

      expect(output).not.toMatch(/Error|Warning/);
      expect(output).toContain(`Success! ${planned} passed, 0 failed.`);
      expect(code).toBe(0);
    });
  });
});
