import path from 'node:path';
import {
  allowBranch,
  environmentsAddress,
  gitHubEnvironments,
  putEnvironment,
} from '../github-environments.ts';
import { invocation } from '../kit.ts';
import { paint } from '../print.ts';
import type { Answers } from './answers.ts';
import { fileOf, type Repository } from './repository.ts';

/**
 * The commands that are left, in order, as they can be pasted.
 * @param changed the files that were written.
 */
export function nextSteps(answers: Answers, repository: Repository, changed: string[]): string {
  const { environment, accountId, branch } = answers;
  const { environmentsPath } = repository;
  const isNew = repository.environments.get(environment)?.common['name'] === null;
  const commit = [
    `git add .github ${environmentsPath}`,
    `git commit --message 'ci: ship ${environment} with Slipway'`,
    `git push origin HEAD:${branch}`,
  ];
  if (!isNew) return shown([['Commit it; a pull request shows what it would change', commit.slice(0, 2)]]);

  const slipway = invocation();
  const folder = environmentsPath === 'environments' ? '' : ` --environments-path ${environmentsPath}`;
  /** Settings of other environments that this one asks for. */
  const elsewhere = changed
    .filter(
      (file) => file.endsWith('.tfvars') && path.dirname(file) !== path.join(environmentsPath, environment),
    )
    .map((file) => ({ name: path.basename(path.dirname(file)), layer: path.basename(file, '.auto.tfvars') }));
  const accounts = [
    ...(changed.includes(fileOf(environmentsPath, environment, 'bootstrap')) ? [environment] : []),
    ...elsewhere.filter(({ layer }) => layer === 'bootstrap').map(({ name }) => name),
  ];
  return shown([
    [
      `Bootstrap the account ${accountId}, with an administrator's credentials`,
      accounts.map((name) => `${slipway} bootstrap ${name}${folder}`),
    ],
    [
      'Make what the layers describe, with the same credentials',
      [`${slipway} apply all --environment ${environment}${folder}`],
    ],
    ...elsewhere
      .filter(({ layer }) => layer !== 'bootstrap')
      .map(({ name, layer }): Step => [
        `Let ${environment} take images from ${name}, with credentials of that account`,
        [`${slipway} apply ${layer} --environment ${name}${folder}`],
      ]),
    [`Make the GitHub environments, which only ${branch} may use`, githubCommands(answers)],
    ['Ship it', commit],
    ['Look', [`${slipway} status ${environment}${answers.from === null ? ' --watch' : ''}${folder}`]],
  ]);
}

type Step = [title: string, commands: string[]];

function githubCommands({ environment, github, branch }: Answers): string[] {
  return gitHubEnvironments(environment, branch, true).flatMap(({ name, branches }) => {
    const address = `${environmentsAddress(github)}/${name}`;
    return [putEnvironment(address), ...branches.map((pattern) => allowBranch(address, pattern))];
  });
}

function shown(steps: Step[]): string {
  const text = steps.map(
    ([title, commands], index) =>
      `${paint.strong(`${index + 1}. ${title}`)}\n${commands.map((command) => `   ${command}`).join('\n')}`,
  );
  return `\nWhat is left:\n\n${text.join('\n\n')}`;
}
