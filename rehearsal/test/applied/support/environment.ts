import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Layer, Root } from '@slipway/test-helpers/terraform/layers';
import { providerSource } from '@slipway/test-helpers/terraform/provider-source';
import { shareProvider, type SharedProvider } from '@slipway/test-helpers/terraform/shared-provider';
import { run, type Run } from '@slipway/test-helpers/terraform/terraform';
import { control } from '@slipway/test-helpers/emulator/aws';
import { startEmulator, type Emulator } from '@slipway/test-helpers/emulator/emulator';
import { awsEnvironment } from '../../../stage/aws.ts';
import { copyLayers } from '../../../stage/copy-layers.ts';
import { readEnvironment } from '../../../stage/environment.ts';
import type { Plan, Resource, State } from './plan.ts';
import type { Call } from './requests.ts';

/** Whose credentials a call is signed with, so that the calls can be told apart: as the roles that bootstrap makes. */
export type Caller = 'administrator' | 'plan' | 'apply';

/** An environment applied to an emulator of its own, from a copy of the room: bootstrapping writes beside its code. */
export class Environment {
  /** For what needs the provider's schema alone, and starts a provider for it otherwise. */
  private provider: SharedProvider | undefined;
  private readonly initialised = new Set<`${Caller} ${Root}`>();

  private constructor(
    readonly name: string,
    /** Name of the bucket that holds the state. */
    readonly bucket: string,
    readonly account: string,
    readonly region: string,
    private readonly emulator: Emulator,
    private readonly folder: string,
    private readonly variables: Record<string, string>,
  ) {}

  static async start(name: string): Promise<Environment> {
    const folder = mkdtempSync(path.join(tmpdir(), `slipway-${name}-`));
    await copyLayers(folder);
    const { account, region, stateBucket } = readEnvironment(name);
    const emulator = await startEmulator('--auto', '--account', account);
    const variables = {
      ...providerSource('terraform'),
      ...awsEnvironment(emulator.url, region),
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TF_CLI_ARGS: '-no-color',
    };
    return new Environment(name, stateBucket, account, region, emulator, folder, variables);
  }

  async stop(): Promise<void> {
    await this.provider?.stop();
    await this.emulator.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** As the operator does it: iac/README.md, "The first day". */
  bootstrap(): Promise<Run> {
    const script = path.join(this.folder, 'iac/bootstrap/bootstrap.sh');
    return run(script, [this.name, '-auto-approve'], this.folder, this.as('administrator'));
  }

  /** As the role `plan` does it. @returns exit code 0 without changes, 2 with changes, 1 for an error; and the plan. */
  async plan(root: Root, ...options: string[]): Promise<Run & { plan: Plan }> {
    // Bootstrap is an administrator's, by hand.
    const caller = root === 'bootstrap' ? 'administrator' : 'plan';
    await this.initialise(caller, root);
    const file = this.planOf(root);
    const kept = ['-detailed-exitcode', '-lock=false', `-out=${file}`];
    const planned = await this.terraform(caller, root, 'plan', ...kept, ...this.files(root), ...options);
    return { ...planned, plan: await this.show<Plan>(root, file) };
  }

  /** A plan of the state as it is known, for a change that may be refused: then there is no plan. */
  async tryPlan(root: Root, ...options: string[]): Promise<Run & { plan: Plan | undefined }> {
    const file = path.join(this.folder, `${root}.change.tfplan`);
    const kept = ['-refresh=false', '-detailed-exitcode', '-lock=false', `-out=${file}`];
    const planned = await this.terraform('plan', root, 'plan', ...kept, ...this.files(root), ...options);
    if (planned.code === 1) return { ...planned, plan: undefined };
    return { ...planned, plan: await this.show<Plan>(root, file) };
  }

  /** As the role `apply` does it: the plan that was made last. */
  apply(root: Root): Promise<Run> {
    return this.terraform('apply', root, 'apply', this.planOf(root));
  }

  /** As the role `apply` does it. */
  async destroy(layer: Layer, ...options: string[]): Promise<Run> {
    await this.initialise('apply', layer);
    return this.terraform('apply', layer, 'destroy', '-auto-approve', ...this.files(layer), ...options);
  }

  /** Every resource and data source of a layer, as its state holds them. */
  async resources(root: Root): Promise<Resource[]> {
    return (await this.show<State>(root)).values?.root_module.resources ?? [];
  }

  /** The state as it lies in the bucket. */
  async rawState(root: Root): Promise<string> {
    return (await this.terraform('administrator', root, 'state', 'pull')).output;
  }

  /** @returns the answer of the AWS CLI. */
  async aws<T>(...args: string[]): Promise<T> {
    const variables = this.as('administrator');
    // Version 1 of the CLI has addresses of its own for some services, which AWS_ENDPOINT_URL does not override.
    const options = ['--endpoint-url', this.emulator.url, '--output', 'json'];
    const { code, output } = await run('aws', [...args, ...options], this.folder, variables);
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${output}`);
    return JSON.parse(output || 'null') as T;
  }

  /** What a caller has called so far. */
  async calls(caller: Caller): Promise<Call[]> {
    return (await control<{ calls: Call[] }>(this.emulator.url, `calls?key=${caller}`)).calls;
  }

  /** Once for each who works in the root. */
  private async initialise(caller: Caller, root: Root): Promise<void> {
    if (this.initialised.has(`${caller} ${root}`)) return;
    const backend = path.join(this.folder, 'iac/environments', this.name, 'backend.hcl');
    const key = `key=${this.name}/${root}.tfstate`;
    const config = [`-backend-config=${backend}`, `-backend-config=${key}`];
    const options = ['-reconfigure', '-lockfile=readonly', ...config];
    const { code, output } = await this.terraform(caller, root, 'init', ...options);
    if (code !== 0) throw new Error(output);
    this.initialised.add(`${caller} ${root}`);
  }

  private planOf(root: Root): string {
    return path.join(this.folder, `${root}.tfplan`);
  }

  private files(root: Root): string[] {
    const folder = path.join(this.folder, 'iac/environments', this.name);
    return ['common', root].map((file) => `-var-file=${path.join(folder, `${file}.auto.tfvars`)}`);
  }

  /** The state, or a plan, as JSON. */
  private async show<T>(root: Root, ...plan: string[]): Promise<T> {
    const folder = path.join(this.folder, 'iac', root);
    this.provider ??= await shareProvider(path.join(folder, '.terraform'));
    const variables = { ...this.as('administrator'), ...this.provider.variables };
    const { output } = await run('terraform', ['show', '-json', ...plan], folder, variables);
    return JSON.parse(output) as T;
  }

  private terraform(caller: Caller, root: Root, ...args: string[]): Promise<Run> {
    return run('terraform', args, path.join(this.folder, 'iac', root), this.as(caller));
  }

  private as(caller: Caller): Record<string, string> {
    return { ...this.variables, AWS_ACCESS_KEY_ID: caller };
  }
}
