import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chooseEnvironment, type Environment, findFolder, readEnvironment } from './environments.ts';
import { UserError } from './errors.ts';
import { need } from './tools.ts';

const run = promisify(execFile);

/**
 * The environment that a command is for, which changes something by the scripts of the actions.
 * @returns it, the folder of all environments, and the variables with which the AWS CLI works there.
 */
export async function signInTo(options: { environment?: string; environmentsPath?: string }): Promise<{
  folder: string;
  environment: Environment;
  variables: Record<string, string>;
}> {
  need('aws', 'bash', 'jq', 'terraform');
  const folder = findFolder(options.environmentsPath);
  const environment = await readEnvironment(folder, await chooseEnvironment(folder, options.environment));
  return { folder, environment, variables: await signedIn(environment) };
}

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
  if (account !== accountId) throw otherAccount(account, { name, accountId });
  return variables;
}

export function otherAccount(
  account: string | undefined,
  { name, accountId }: Pick<Environment, 'name' | 'accountId'>,
): UserError {
  return new UserError(
    `These credentials are of account ${account}, and ${name} belongs to ${accountId}: sign in there, or set AWS_PROFILE.`,
  );
}
