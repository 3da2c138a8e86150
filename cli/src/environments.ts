import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './errors.ts';
import { runScript } from './run-script.ts';
import { need } from './tools.ts';

/** An environment as the workflows know it. */
export interface Environment {
  name: string;
  accountId: string;
  region: string;
  architecture: string;
  repository: string;
  cluster: string;
  service: string;
}

/** The environments that have settings in a folder. */
export function environmentsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'common.auto.tfvars')))
    .toSorted();
}

/**
 * The folder with a folder for each environment: the one that is given, else the one that is here or above.
 * @throws UserError where there is none.
 */
export function findFolder(given: string | undefined): string {
  if (given !== undefined) {
    if (environmentsIn(given).length > 0) return given;
    throw new UserError(`There is no environment in ${given}: no folder with common.auto.tfvars.`);
  }
  for (let here = process.cwd(); ; here = path.dirname(here)) {
    const found = ['environments', 'iac/environments']
      .map((folder) => path.join(here, folder))
      .find((folder) => environmentsIn(folder).length > 0);
    if (found) return path.relative('', found) || '.';
    if (here === path.dirname(here)) break;
  }
  throw new UserError(
    'There are no environments here: no folder environments/NAME with common.auto.tfvars. ' +
      'Make one with `slipway init`, or say with --environments-path where they are.',
  );
}

/** @throws UserError that names the environments there are. */
export function assertKnown(folder: string, names: string[]): void {
  const known = environmentsIn(folder);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(
      `There is no environment ${unknown.join(' and no ')} in ${folder}. There is: ${known.join(', ')}.`,
    );
  }
}

/**
 * The one environment that a command is for: the one that is named, or the only one; else it is asked for.
 * @throws UserError where nobody can be asked.
 */
export async function chooseEnvironment(folder: string, given: string | undefined): Promise<string> {
  const known = environmentsIn(folder);
  if (given !== undefined) {
    assertKnown(folder, [given]);
    return given;
  }
  const [only, ...more] = known;
  if (only !== undefined && more.length === 0) return only;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      `Say which environment: ${known.map((name) => `--environment ${name}`).join(' or ')}.`,
    );
  }
  const { ask } = await import('./ask.ts');
  return ask.choice('Which environment?', known);
}

/** What the workflows read of an environment, by the script that they read it with. */
export async function readEnvironment(folder: string, name: string): Promise<Environment> {
  need('bash', 'jq', 'terraform');
  const { outputs } = await runScript('.github/actions/read-environment/read.sh', {
    ENVIRONMENT: name,
    ENVIRONMENTS: folder,
    // Settings come from the file alone, whatever the caller's variables of these names say.
    ...Object.fromEntries(OVERRIDES.map((variable) => [variable, ''])),
  });
  const value = (output: string) => outputs.get(output) ?? '';
  return {
    name,
    accountId: value('account-id'),
    region: value('region'),
    architecture: value('architecture'),
    repository: value('repository'),
    cluster: value('cluster'),
    service: value('service'),
  };
}

const OVERRIDES = [
  'ACCOUNT_ID',
  'REGION',
  'ARCHITECTURE',
  'REPOSITORY',
  'CLUSTER',
  'SERVICE',
  'PLAN_ROLE_ARN',
  'APPLY_ROLE_ARN',
  'PUBLISH_ROLE_ARN',
  'RELEASE_ROLE_ARN',
];
