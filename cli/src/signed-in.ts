import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from './environments.ts';
import { UserError } from './errors.ts';
import { need } from './tools.ts';

const run = promisify(execFile);

/**
 * Makes sure that the credentials are the environment's account's, before anything is asked for with them.
 * @returns the variables with which the AWS CLI works in the environment's region.
 */
export async function signedIn({ name, accountId, region }: Environment): Promise<Record<string, string>> {
  need('aws');
  const variables = { AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_PAGER: '' };
  let account: string;
  try {
    const query = ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'text'];
    account = (await run('aws', query, { env: { ...process.env, ...variables } })).stdout.trim();
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    throw new UserError(
      `AWS does not know who you are: sign in with credentials of account ${accountId}, for ${name}. It says: ${said}`,
      { cause },
    );
  }
  if (account !== accountId) {
    throw new UserError(
      `These credentials are of account ${account}, and ${name} belongs to ${accountId}: sign in there, or set AWS_PROFILE.`,
    );
  }
  return variables;
}
