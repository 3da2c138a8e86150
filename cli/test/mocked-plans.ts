import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { IAC, type Root } from '@slipway/test-helpers/terraform/layers';
import { type Program, providerSource } from '@slipway/test-helpers/terraform/provider-source';
import { shareProvider, type SharedProvider } from '@slipway/test-helpers/terraform/shared-provider';
import { run, type Run } from '@slipway/test-helpers/terraform/terraform';
import { as, readSettings } from '../src/init/settings.ts';

/** Plans of the real layers with settings that somebody else wrote, on the mocks of the layers' own tests. */
export class MockedPlans {
  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    private readonly provider: SharedProvider,
  ) {}

  /** @param folder to be made; it gets a copy of the layers. */
  static async prepare(program: Program, folder: string): Promise<MockedPlans> {
    await cp(IAC, folder, { recursive: true, verbatimSymlinks: true });
    // For the provider, which all layers share.
    const init = ['init', '-backend=false', '-input=false', '-no-color'];
    const { code, output } = await run(
      program,
      init,
      path.join(folder, 'bootstrap'),
      providerSource(program),
    );
    if (code !== 0) throw new Error(output);
    return new MockedPlans(program, folder, await shareProvider(path.join(folder, 'bootstrap/.terraform')));
  }

  async end(): Promise<void> {
    await this.provider.stop();
  }

  /**
   * Plans a layer for each environment, once for all that differ in nothing that it reads.
   * @param environments folders of settings.
   */
  async plan(root: Root, environments: string[]): Promise<Run & { planned: number }> {
    const tests = path.join(this.folder, root, 'tests');
    const mocks = await mocksIn(tests);
    const unread = await unreadBy(path.join(this.folder, root));
    const texts = new Map<string, string>();
    for (const environment of environments) {
      const text = await testOf(root, environment, mocks);
      // Without the setting, and how the others stand below each other for it.
      if (text !== undefined) texts.set(text.replaceAll(unread, '').replaceAll(/ +=/g, ' ='), text);
    }
    await rm(tests, { recursive: true });
    await mkdir(tests);
    await Promise.all(
      [...texts.values()].map((text, index) => writeFile(path.join(tests, `${index}.tftest.hcl`), text)),
    );
    const variables = { ...providerSource(this.program), ...this.provider.variables };
    const answer = await run(this.program, ['test', '-no-color'], path.join(this.folder, root), variables);
    return { ...answer, planned: texts.size };
  }
}

/** What stands above the tests of a layer: a provider and upstream layers that are made up. */
async function mocksIn(tests: string): Promise<string> {
  const [file = ''] = (await readdir(tests)).toSorted();
  const text = await readFile(path.join(tests, file), 'utf8');
  return text.slice(0, text.search(/^variables \{/m));
}

/** The setting that every layer is given and few read. */
async function unreadBy(folder: string): Promise<RegExp> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.tf'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return texts.some((text) => text.includes('var.architecture')) ? /$^/g : /^architecture .*\n/gm;
}

/** @returns nothing for what has no settings of its own: an account is bootstrapped once, from one folder. */
async function testOf(root: Root, environment: string, mocks: string): Promise<string | undefined> {
  const files = await readdir(environment);
  const own = `${root}.auto.tfvars`;
  if (root === 'bootstrap' && !files.includes(own)) return undefined;
  const common = path.join(environment, 'common.auto.tfvars');
  const read = readSettings(common, ['name', 'environment', 'account_id', 'region', 'exposure', 'domain']);
  const text = (name: string) => as.text(read[name]) ?? '';
  const exposure = text('exposure') || 'edge';
  // The layers below are made up for an environment of the tests' own.
  const upstream = mocks
    .replaceAll('slipway-test', `${text('name')}-${text('environment')}`)
    .replaceAll('111111111111', text('account_id'))
    .replaceAll('us-east-1', text('region'))
    .replaceAll('exposure = "edge"', `exposure = "${exposure}"`);
  const settings = [common, ...(files.includes(own) ? [path.join(environment, own)] : [])];
  const given = await Promise.all(settings.map((file) => readFile(file, 'utf8')));
  if (root === 'application') given.push('redeployer_zip = "./terraform.tf"');
  // The plan says that this hop is not encrypted.
  const isOpen = root === 'application' && exposure === 'edge' && read['domain'] === null;
  return `${upstream}run "planned" {
command = plan
variables {
${given.join('\n')}
}
${isOpen ? 'expect_failures = [check.origin_encryption]\n' : ''}}
`;
}
