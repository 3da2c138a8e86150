import type { Answers } from './answers.ts';
import { CALL, callersIn } from './callers.ts';
import { fileOf, inputIn, type Layer, type Repository, type Settings, textOf } from './repository.ts';
import { as, type Setting, withSettings } from './settings.ts';
import { DEPENDABOT, workflowsOf } from './workflows.ts';
import { UserError } from '../errors.ts';
import { existsSync } from 'node:fs';

/** The port that tasks listen on where nothing says another. */
const PORT = 3000;

/** Every file that is to be, with its text, by its path in the repository: those that change and those that do not. */
export function filesOf(
  answers: Answers,
  repository: Repository,
  kit: { commit: string; version: string },
): Map<string, string> {
  const { environmentsPath, environments } = repository;
  const files = new Map<string, string>();
  const put = (environment: string, layer: Layer, settings: Setting[]) => {
    const file = fileOf(environmentsPath, environment, layer);
    const held = environments.get(environment)?.[layer] ?? {};
    const before = files.get(file) ?? textOf(file);
    const after = withSettings(before, held, settings);
    if (after !== '') files.set(file, after);
  };
  const own = environments.get(answers.environment);
  if (!own) throw new Error('the environment was not read');

  const owner = ownerOf(answers, repository);
  put(answers.environment, 'common', commonOf(answers, own, owner, environments));
  put(answers.environment, 'security', securityOf(answers, own));
  put(answers.environment, 'application', applicationOf(answers, own));
  const source = answers.from === null ? undefined : environments.get(answers.from);
  put(owner, 'bootstrap', bootstrapOf(answers, environments.get(owner) ?? own, owner, source));
  if (answers.from !== null && source && source.common['account_id'] !== answers.accountId) {
    const held = as.texts(source.application['pull_accounts']);
    put(answers.from, 'application', [
      {
        name: 'pull_accounts',
        value: [...new Set([...held, answers.accountId])],
        comment: `The account of ${answers.environment}, which takes its images from here.`,
      },
    ]);
  }

  for (const [file, text] of callersOf(answers, repository, kit)) files.set(file, text);
  // Somebody's own callers stay as they are, but call the same version.
  for (const { file, text } of callersIn()) {
    const place = `.github/workflows/${file}`;
    if (!files.has(place)) files.set(place, text.replaceAll(CALL, `$1@${kit.commit} # v${kit.version}`));
  }
  const dependabot = '.github/dependabot.yml';
  if (!existsSync(dependabot)) files.set(dependabot, DEPENDABOT);
  return files;
}

/** The environment whose folder bootstraps the account: the first one there that has it, for an account is bootstrapped once. */
function ownerOf({ environment, accountId, name }: Answers, { environments }: Repository): string {
  const shares = ({ common }: Settings) => common['account_id'] === accountId && common['name'] === name;
  const found = [...environments].find(([, one]) => shares(one) && one.bootstrap['github'] !== null);
  return found?.[0] ?? environment;
}

function commonOf(answers: Answers, own: Settings, owner: string, all: Map<string, Settings>): Setting[] {
  const { environment, name, accountId, region, exposure, architecture, domain } = answers;
  /** What only says the default is left out, unless the file says something else now. */
  const unless = (setting: string, value: string, usual: string) =>
    value === usual && own.common[setting] === null ? null : value;
  const bucket =
    owner === environment
      ? null
      : (all.get(owner)?.common['state_bucket'] ?? `${name}-${owner}-state-${accountId}`);
  return [
    { name: 'name', value: name },
    { name: 'environment', value: environment },
    { name: 'account_id', value: accountId },
    { name: 'region', value: region },
    { name: 'exposure', value: unless('exposure', exposure, 'edge') },
    { name: 'architecture', value: unless('architecture', architecture, 'ARM64') },
    { name: 'domain', value: domain },
    { name: 'state_bucket', value: bucket },
  ];
}

function securityOf(
  { environment, exposure, allowedCidrs, emails, image }: Answers,
  own: Settings,
): Setting[] {
  if (image.port !== undefined && image.port < 1024 && own.security['api_port'] === null) {
    throw new UserError(
      `The Dockerfile exposes the port ${image.port}, and tasks run without the privilege for ports below 1024: let the service listen on another one.`,
    );
  }
  const port = image.port === undefined || image.port === PORT ? null : image.port;
  return [
    {
      name: 'allowed_cidrs',
      value: exposure === 'public_ip' ? allowedCidrs : null,
      comment: `The networks from which ${environment} is reached.`,
    },
    { name: 'api_port', value: port, comment: 'The port that the Dockerfile exposes.', keeps: true },
    { name: 'alarm_emails', value: emails.length > 0 ? emails : null },
  ];
}

function applicationOf({ exposure, emails, healthCheckPath, image }: Answers, own: Settings): Setting[] {
  // Behind a load balancer its own check decides.
  const check = exposure === 'public_ip' ? (image.healthCheck ?? null) : null;
  const edge = {
    ...as.object(own.application['edge']),
    health_check_path: healthCheckPath,
  };
  return [
    {
      name: 'task',
      value: check && { health_check_command: check },
      comment: 'The health check of the Dockerfile: ECS does not read it there.',
      keeps: true,
    },
    { name: 'edge', value: healthCheckPath === null ? null : edge },
    { name: 'outcome_emails', value: emails.length > 0 ? emails : null },
  ];
}

function bootstrapOf(
  answers: Answers,
  { bootstrap }: Settings,
  owner: string,
  source: Settings | undefined,
): Setting[] {
  const { environment, from, name, region, github, branch, domain } = answers;
  const held = as.object(bootstrap['github']);
  // Spread twice: what this says wins, and comes first.
  const identity = {
    organisation: github.organisation,
    organisation_id: github.organisation_id,
    repository: github.repository,
    repository_id: github.repository_id,
  };
  const isMain = branch === 'main' && !held['branch'];
  const settings: Setting[] = [
    {
      name: 'github',
      value: {
        ...identity,
        plan_on_pull_requests: true,
        ...held,
        ...identity,
        ...(isMain ? {} : { branch }),
      },
    },
  ];
  if (environment === owner && from === null) return settings;
  const environments = as.object(bootstrap['environments']);
  const place = as.text(source?.common['region']) ?? region;
  const account = as.text(source?.common['account_id']) ?? answers.accountId;
  const arn = from === null ? null : `arn:aws:ecr:${place}:${account}:repository/${name}-${from}`;
  const own = {
    ...as.object(environments[environment]),
    ...(arn ? { pull_repositories: [arn] } : {}),
    ...(domain ? { hosted_zone_id: domain.zone_id } : {}),
  };
  return [
    ...settings,
    {
      name: 'environments',
      value: { ...environments, [environment]: own },
      comment: from === null ? '' : `Built once, in ${from}; ${environment} runs the same bytes.`,
    },
  ];
}

function callersOf(answers: Answers, repository: Repository, kit: { commit: string; version: string }) {
  const { environment, from, context, dockerfile, branch } = answers;
  const first = from === null ? environment : firstOf(answers, repository);
  const prefix = prefixOf(repository, answers.name);
  const others = [...repository.environments.keys()]
    .filter((name) => name !== first)
    .map((name) => {
      const said = inputIn(`.github/workflows/${prefix}${name}.yml`, 'from') ?? first;
      return { name, from: name === environment ? (from ?? first) : said };
    });
  const { environmentsPath } = repository;
  return workflowsOf({ first, others, environmentsPath, prefix, context, dockerfile, branch, ...kit });
}

function firstOf({ name, from, environment }: Answers, repository: Repository): string {
  return inputIn(deliverOf(repository, name), 'environment') ?? from ?? environment;
}

/** Where the repository has one service its workflows have plain names. */
function prefixOf({ environmentsPath }: Repository, name: string): string {
  return environmentsPath === 'environments' ? '' : `${name}-`;
}

/** The workflow that each push starts. */
export function deliverOf(repository: Repository, name: string): string {
  return `.github/workflows/${prefixOf(repository, name)}deliver.yml`;
}
