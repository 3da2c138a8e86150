import path from 'node:path';
import { UserError } from '../errors.ts';
import { type Said, readDockerfile } from './dockerfile.ts';
import { account, defaultBranch, idsOf, parseRepository, region, remote } from './find.ts';
import { inputIn, type Repository } from './repository.ts';
import { as } from './settings.ts';

/** What `init` takes, as commander names it. */
export interface Flags {
  environmentsPath?: string;
  name?: string;
  accountId?: string;
  region?: string;
  exposure?: string;
  architecture?: string;
  domain?: string;
  zoneId?: string;
  github?: string;
  githubIds?: string;
  branch?: string;
  allowedCidr?: string[];
  email?: string[];
  from?: string;
  context?: string;
  dockerfile?: string;
  healthCheckPath?: string;
  yes?: boolean;
}

/** Everything that the files are made of. */
export interface Answers {
  environment: string;
  name: string;
  accountId: string;
  region: string;
  exposure: string;
  architecture: string;
  domain: { name: string; zone_id: string } | null;
  github: { organisation: string; repository: string; organisation_id: string; repository_id: string };
  branch: string;
  allowedCidrs: string[];
  emails: string[];
  /** The environment whose images this one runs; null for the one that each push goes to. */
  from: string | null;
  context: string;
  dockerfile: string;
  healthCheckPath: string | null;
  image: Said;
}

/** One answer: what is given or known is not asked for. */
interface Question {
  flag: string;
  given: string | undefined;
  known?: string | undefined;
  suggestion?: () => Promise<string | undefined>;
  message: string;
  check: RegExp;
  meaning: string;
}

/**
 * Gathers the answers: from the flags, from the files that are there, from git, `gh` and `aws`, and only then from
 * whoever is at the terminal.
 * @param deliver the workflow that each push starts, where it is there.
 * @throws UserError that names every flag that is missing, where nobody is to be asked.
 */
export async function gather(
  environment: string,
  flags: Flags,
  repository: Repository,
  deliver: (name: string) => string,
): Promise<Answers> {
  const asks = !flags.yes && process.stdin.isTTY && process.stdout.isTTY;
  const missing: string[] = [];
  const own = repository.environments.get(environment);
  const others = [...repository.environments].filter(([name]) => name !== environment).map(([, one]) => one);
  /** What the environment says, or where it is new and all are alike in it, what another one says. */
  const known = (name: string) => as.text(own?.common[name]);
  const alike = (name: string) => known(name) ?? others.map((one) => as.text(one.common[name])).find(Boolean);
  const isNew = known('name') === undefined;

  async function answer({ flag, given, known: there, suggestion, message, check, meaning }: Question) {
    const refusal = (value: string) => (check.test(value) ? undefined : `It has to be ${meaning}.`);
    const fixed = given ?? there;
    if (fixed !== undefined) {
      if (refusal(fixed)) throw new UserError(`${flag} has to be ${meaning}; it is ${fixed}.`);
      return fixed;
    }
    const suggested = await suggestion?.();
    if (asks) {
      const { ask } = await import('../ask.ts');
      return ask.text(message, suggested ?? '', refusal);
    }
    if (suggested !== undefined && !refusal(suggested)) return suggested;
    missing.push(flag);
    return '';
  }

  const holder = own?.bootstrap['github'] ? own : others.find((one) => one.bootstrap['github'] !== null);
  const held = as.object(holder?.bootstrap['github']);
  const heldText = (name: string) => as.text(held[name]) ?? '';
  const place = await answer({
    flag: '--github',
    given: flags.github,
    known: holder && `${heldText('organisation')}/${heldText('repository')}`,
    suggestion: async () => {
      const found = await remote();
      return found && `${found.organisation}/${found.repository}`;
    },
    message: 'The repository on GitHub',
    check: /^[\w-]+\/[\w.-]+$/,
    meaning: 'OWNER/NAME, such as acme/ledger',
  });
  const github = parseRepository(place) ?? { organisation: '', repository: '' };
  const isSame = holder !== undefined && place === `${heldText('organisation')}/${heldText('repository')}`;
  const [organisationId = '', repositoryId = ''] = (
    await answer({
      flag: '--github-ids',
      given: flags.githubIds,
      known: isSame ? `${heldText('organisation_id')},${heldText('repository_id')}` : undefined,
      suggestion: () => idsOf(github),
      message: `The ids that \`gh api repos/${place} --jq '[.owner.id, .id]'\` shows, with a comma between`,
      check: /^\d{1,12},\d{1,12}$/,
      meaning: 'two numbers with a comma between: the ids of the owner and of the repository',
    })
  ).split(',');
  const name = await answer({
    flag: '--name',
    given: flags.name,
    known: alike('name'),
    suggestion: async () =>
      github.repository
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]/g, '-')
        .slice(0, 19),
    message: 'Name of the service; everything that is made for it begins with it',
    check: /^(?!internal-)(?!.*--)[a-z]([a-z0-9-]{0,17}[a-z0-9])$/,
    meaning: '2 to 19 lower-case letters, digits or hyphens',
  });
  const accountId = await answer({
    flag: '--account-id',
    given: flags.accountId,
    known: known('account_id'),
    suggestion: account,
    message: `AWS account of ${environment}`,
    check: /^\d{12}$/,
    meaning: 'the 12 digits of an AWS account',
  });
  const area = await answer({
    flag: '--region',
    given: flags.region,
    known: alike('region'),
    suggestion: region,
    message: 'AWS region',
    check: /^[a-z]{2}(-[a-z]+)+-\d$/,
    meaning: 'an AWS region, such as eu-west-1',
  });
  let exposure = flags.exposure ?? known('exposure') ?? (isNew ? undefined : 'edge');
  if (exposure === undefined && asks) {
    const { ask } = await import('../ask.ts');
    exposure = await ask.choice(
      'How is it reached? edge: CloudFront, a firewall and a load balancer; public_ip: the tasks themselves, for tests',
      ['edge', 'public_ip'],
    );
  }
  exposure ??= 'edge';
  const isPublic = exposure === 'public_ip';
  const blocks = as.texts(own?.security['allowed_cidrs']);
  const allowed = isPublic
    ? await answer({
        flag: '--allowed-cidr',
        given: flags.allowedCidr?.join(','),
        known: blocks.length > 0 || known('exposure') === 'public_ip' ? blocks.join(',') : undefined,
        suggestion: async () => undefined,
        message: 'The networks from which it is reached, such as 198.51.100.7/32, with commas between',
        check: /^$|^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}(,(\d{1,3}\.){3}\d{1,3}\/\d{1,2})*$/,
        meaning: 'IPv4 blocks, such as 198.51.100.7/32',
      })
    : '';
  const emails = flags.email?.join(',') ?? as.texts(own?.security['alarm_emails']).join(',');
  const domain = (own?.common['domain'] ?? null) as Answers['domain'];
  if ((flags.domain === undefined) !== (flags.zoneId === undefined)) {
    throw new UserError('--domain and --zone-id go together: the name, and the Route 53 zone that holds it.');
  }
  if (flags.domain !== undefined && isPublic) {
    throw new UserError(
      '--domain needs --exposure edge: with public_ip the tasks have no address that a name could point to.',
    );
  }
  if (missing.length > 0) {
    throw new UserError(`These could not be found out, and nobody is asked: give ${missing.join(', ')}.`);
  }

  const first = inputIn(deliver(name), 'environment') ?? environment;
  const service =
    repository.environmentsPath === 'environments' ? '.' : path.dirname(repository.environmentsPath);
  const context = flags.context ?? inputIn(deliver(name), 'context') ?? service;
  const dockerfile =
    flags.dockerfile ?? inputIn(deliver(name), 'dockerfile') ?? path.join(context, 'Dockerfile');
  return {
    environment,
    name,
    accountId,
    region: area,
    exposure,
    architecture: flags.architecture ?? alike('architecture') ?? 'ARM64',
    domain: flags.domain && flags.zoneId ? { name: flags.domain, zone_id: flags.zoneId } : domain,
    github: { ...github, organisation_id: organisationId, repository_id: repositoryId },
    branch:
      flags.branch ?? as.text(held['branch']) ?? (holder ? 'main' : ((await defaultBranch()) ?? 'main')),
    allowedCidrs: allowed.split(',').filter(Boolean),
    emails: emails.split(',').filter(Boolean),
    from: first === environment ? null : (flags.from ?? first),
    context,
    dockerfile,
    healthCheckPath: flags.healthCheckPath ?? null,
    image: readDockerfile(dockerfile),
  };
}
