import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LAYERS, type Layer } from '@slipway/test-helpers/terraform/layers';
import type { Commands } from './commands.ts';
import { copyCheckout } from './copy-layers.ts';
import { terraformProgram } from './terraform-program.ts';
import { readOutputs } from '@slipway/test-helpers/github-output';
import { ROOT } from '@slipway/test-helpers/root';

/** What planning put out. */
interface Planned {
  hasChanges: boolean;
  /** The plan for people to read. */
  text: string;
  key: string;
  sha256: string;
}

const TERRAFORM = path.join(ROOT, '.github/actions/terraform/terraform.sh');

/**
 * The environment's layers, in a copy of the checkout: made as iac/README.md has it, with the command-line tool, and planned
 * again and destroyed with the composite action's own script.
 */
export class Layers {
  private readonly iac: string;
  private readonly ends = new Map<Layer, Planned>();

  /**
   * @param folder absolute; gets the copy
   * @param env leads Terraform and the AWS CLI to the emulator
   */
  constructor(
    private readonly commands: Commands,
    private readonly environment: string,
    private readonly folder: string,
    private readonly env: Record<string, string>,
  ) {
    this.iac = path.join(folder, 'iac');
  }

  /** What the operator does once, by hand. */
  async bootstrap(): Promise<void> {
    await copyCheckout(this.folder);
    await this.slipway('bootstrap', this.environment);
  }

  /** Plans a layer and applies that very plan. */
  async apply(layer: Layer): Promise<void> {
    await this.slipway('apply', layer, '--environment', this.environment);
  }

  /** @returns what a plan of the layer would change, for people to read; undefined where it is nothing */
  async changes(layer: Layer): Promise<string | undefined> {
    const { hasChanges, text } = await this.plan(layer);
    return hasChanges ? text : undefined;
  }

  /** Plans the end of a layer. */
  async planEnd(layer: Layer): Promise<void> {
    this.ends.set(layer, await this.plan(layer, 'plan-destroy'));
  }

  /** Applies that very plan. */
  async carryOutEnd(layer: Layer): Promise<void> {
    const { key = '', sha256 = '' } = this.ends.get(layer) ?? {};
    await this.terraform(layer, 'apply', { PLAN_KEY: key, PLAN_SHA256: sha256 });
  }

  /**
   * Lifts the protection of what must not be destroyed by mistake, as the operator does who means it.
   *
   * @returns the layers that have to be applied for it
   */
  async liftProtection(): Promise<Layer[]> {
    const changed: Layer[] = [];
    for (const layer of LAYERS) {
      const file = path.join(this.iac, 'environments', this.environment, `${layer}.auto.tfvars`);
      const text = await readFile(file, 'utf8');
      const lifted = text.replaceAll(/^(\s*is_protected\s*=\s*)true/gm, '$1false');
      if (lifted !== text) {
        await writeFile(file, lifted);
        changed.push(layer);
      }
    }
    return changed;
  }

  /** The outputs of an applied layer. */
  async outputs<T>(layer: Layer): Promise<T> {
    const text = await this.commands.run(
      `outputs-${layer}`,
      terraformProgram(),
      [`-chdir=${path.join(this.iac, layer)}`, 'output', '-json'],
      { env: this.env },
    );
    const outputs = Object.entries(JSON.parse(text) as Record<string, { value: unknown }>);
    return Object.fromEntries(outputs.map(([name, { value }]) => [name, value])) as T;
  }

  private async plan(layer: Layer, command: 'plan' | 'plan-destroy' = 'plan'): Promise<Planned> {
    const { text, outputs } = await this.terraform(layer, command, {});
    const { changes, 'plan-key': key = '', 'plan-sha256': sha256 = '' } = outputs;
    return { hasChanges: changes === 'true', text, key, sha256 };
  }

  /** Where nobody can be asked. */
  private async slipway(command: string, ...args: string[]): Promise<void> {
    const all = ['run', 'slipway', '--', command, ...args, '--yes'];
    await this.commands.run(`slipway-${command}-${args[0]}`, 'npm', all, {
      cwd: this.folder,
      env: { ...this.env, TF_IN_AUTOMATION: '1', TF_CLI_ARGS: '-no-color' },
    });
  }

  private async terraform(
    layer: Layer,
    command: string,
    env: Record<string, string>,
  ): Promise<{ text: string; outputs: Record<string, string> }> {
    const file = path.join(this.folder, `${layer}.outputs`);
    await rm(file, { force: true });
    const text = await this.commands.run(`terraform-${command}-${layer}`, TERRAFORM, [], {
      env: {
        ...this.env,
        COMMAND: command,
        ENVIRONMENT: this.environment,
        LAYER: layer,
        LAYERS: this.iac,
        ENVIRONMENTS: path.join(this.iac, 'environments'),
        GITHUB_OUTPUT: file,
        ...env,
      },
    });
    return { text, outputs: await readOutputs(file) };
  }
}
