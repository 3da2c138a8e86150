import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { findTool } from '../tools/find-tool.ts';
import { ROOT } from '../root.ts';

/** Where packages may keep what can be made again; git ignores it. */
const CACHE = path.join(ROOT, 'node_modules/.cache/slipway');
const DISCOVERY = 'https://registry.terraform.io/.well-known/terraform.json';

/** Terraform's CLI configuration, where there is one: it can name a mirror of the registry. */
function configuration(): string | undefined {
  const { TF_CLI_CONFIG_FILE: named } = process.env;
  return [named ?? '', path.join(homedir(), '.terraformrc')].find((file) => file !== '' && existsSync(file));
}

/** The program that carries Terraform's configurations out. */
export type Program = 'terraform' | 'tofu';

/** The variables with which a program gets the AWS provider: by its CLI configuration, else from its registry. */
export function providerSource(program: Program): Record<string, string> {
  // Empty, and not left alone: of a file that is named and not there Terraform warns on each run.
  return program === 'tofu' ? tofuSource() : { TF_CLI_CONFIG_FILE: configuration() ?? '' };
}

/**
 * OpenTofu asks for the provider under the name of its own registry, so a mirror that knows the other name only is shown to
 * it under that.
 */
function tofuSource(): Record<string, string> {
  const file = configuration();
  const mirror = file && /path *= *"(.*)"/.exec(readFileSync(file, 'utf8'))?.[1];
  if (!mirror) return {};
  const from = path.join(mirror, 'registry.terraform.io/hashicorp/aws');
  const own = path.join(CACHE, 'tofu');
  for (const version of readdirSync(from)) {
    const to = path.join(own, 'registry.opentofu.org/hashicorp/aws', version);
    mkdirSync(to, { recursive: true });
    for (const platform of readdirSync(path.join(from, version))) {
      if (!existsSync(path.join(to, platform))) {
        symlinkSync(path.join(from, version, platform), path.join(to, platform));
      }
    }
  }
  const config = path.join(CACHE, 'tofu.rc');
  writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = "${own}"\n  }\n}\n`);
  return { TF_CLI_CONFIG_FILE: config };
}

/** Whether Terraform can get the AWS provider: a CLI configuration says how, or its registry answers from here. */
export async function hasProviderSource(): Promise<boolean> {
  if (configuration() !== undefined) return true;
  try {
    return (await fetch(DISCOVERY, { signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false;
  }
}

/** The program, where it is on the PATH and can get the AWS provider. */
export async function findTerraform(program: Program): Promise<string | undefined> {
  const found = findTool(program);
  return found !== undefined && (await hasProviderSource()) ? found : undefined;
}
