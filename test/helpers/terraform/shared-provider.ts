import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A provider that several runs of Terraform or OpenTofu use. */
export interface SharedProvider {
  /** What makes a run use it, and start none of its own. */
  variables: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts the AWS provider that `init` has put into a data folder, for runs that need its schema alone: to start it and to
 * read its schema takes Terraform most of the time of such a run, and `terraform test` does it for each `run`. One process
 * knows one configuration only, so it is for `show` and for mocked providers.
 */
export async function shareProvider(dataFolder: string): Promise<SharedProvider> {
  // The option means: started by somebody else than Terraform.
  const child = spawn(providerIn(dataFolder), ['-debug'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    const address = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line)?.[1];
    if (address === undefined) continue;
    // Each program looks for it under the name of its own registry.
    const aws = Object.values(JSON.parse(address) as object)[0] as object;
    const names = ['registry.terraform.io', 'registry.opentofu.org'];
    const named = Object.fromEntries(names.map((registry) => [`${registry}/hashicorp/aws`, aws]));
    return {
      variables: { TF_REATTACH_PROVIDERS: JSON.stringify(named) },
      async stop() {
        child.kill();
        await exited;
      },
    };
  }
  throw new Error('the AWS provider ended before it could be used');
}

/** The provider's program: `providers/<registry>/hashicorp/aws/<version>/<platform>/terraform-provider-aws_…`. */
function providerIn(dataFolder: string): string {
  let found = path.join(dataFolder, 'providers');
  for (let level = 0; level < 5; level += 1) found = path.join(found, readdirSync(found)[0] ?? '');
  const program = readdirSync(found).find((file) => file.startsWith('terraform-provider-aws'));
  return path.join(found, program ?? '');
}
