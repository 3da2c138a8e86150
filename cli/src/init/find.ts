import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What can be found out without a question, from git, `gh` and `aws` where they are there and signed in. */
export async function said(program: string, ...args: string[]): Promise<string | undefined> {
  return saidWith({}, program, ...args);
}

async function saidWith(variables: Record<string, string>, program: string, ...args: string[]) {
  try {
    const { stdout } = await run(program, args, { timeout: 10_000, env: { ...process.env, ...variables } });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

export interface GitHubRepository {
  organisation: string;
  repository: string;
}

/** The repository that the remote `origin` is. */
export async function remote(): Promise<GitHubRepository | undefined> {
  return parseRepository((await said('git', 'remote', 'get-url', 'origin')) ?? '');
}

/** @param text OWNER/NAME, or an address that ends so. */
export function parseRepository(text: string): GitHubRepository | undefined {
  const [, organisation, repository] = /(?:^|[/:])([\w-]+)\/([\w.-]+?)(?:\.git)?$/.exec(text) ?? [];
  return organisation && repository ? { organisation, repository } : undefined;
}

/** The numeric ids of a repository's owner and its own, as the roles' trust names them; both with a comma between. */
export async function idsOf({ organisation, repository }: GitHubRepository): Promise<string | undefined> {
  return said('gh', 'api', `repos/${organisation}/${repository}`, '--jq', '"\\(.owner.id),\\(.id)"');
}

export async function defaultBranch(): Promise<string | undefined> {
  return (await said('git', 'symbolic-ref', '--short', 'refs/remotes/origin/HEAD'))?.replace(/^origin\//, '');
}

export async function account(): Promise<string | undefined> {
  // Any region knows it, but there has to be one; and version 1 of the CLI does not read AWS_REGION.
  const variables = { AWS_DEFAULT_REGION: (await region()) ?? 'us-east-1' };
  return saidWith(variables, 'aws', 'sts', 'get-caller-identity', '--query', 'Account', '--output', 'text');
}

export async function region(): Promise<string | undefined> {
  return (
    process.env['AWS_REGION'] ??
    process.env['AWS_DEFAULT_REGION'] ??
    said('aws', 'configure', 'get', 'region')
  );
}
