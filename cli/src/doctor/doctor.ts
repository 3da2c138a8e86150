import path from 'node:path';
import { assertKnown, environmentsIn, findFolder, readEnvironment } from '../environments.ts';
import { ExitError, UserError } from '../errors.ts';
import { idsOf } from '../init/find.ts';
import { as, readSettings } from '../init/settings.ts';
import { invocation } from '../kit.ts';
import { paint, print, table } from '../print.ts';
import { signedIn } from '../signed-in.ts';
import { has } from '../tools.ts';
import { examineAccount, type Subject, type Trust } from './account.ts';
import { askAws, askGitHub } from './ask.ts';
import { type Finding, type Result, unknown } from './finding.ts';
import { examineGitHub } from './github.ts';
import { examineMachine } from './machine.ts';
import { examineRepository } from './repository.ts';
import { examineService } from './service.ts';

const LOOKS: Record<Result, (text: string) => string> = {
  ok: paint.good,
  wrong: paint.bad,
  'cannot tell': paint.doubtful,
};

/** The command `doctor`: reads only. Exit code 1 where something is wrong. */
export async function doctor(
  names: string[],
  options: { environmentsPath?: string; json?: boolean },
): Promise<void> {
  const machine = await examineMachine();
  const findings = [...machine];
  if (machine.some(({ check, result }) => result === 'wrong' && check !== 'AWS CLI')) {
    findings.push({
      where: 'everything else',
      check: 'all',
      ...unknown('The scripts need what is missing above.'),
    });
  } else {
    const folder = findFolder(options.environmentsPath);
    assertKnown(folder, names);
    const wanted = names.length > 0 ? names : environmentsIn(folder);
    findings.push(...(await examineRepository(folder, environmentsIn(folder))));
    for (const name of wanted) findings.push(...(await examineEnvironment(folder, name)));
  }
  const callable = findings.map((one) =>
    one.mend ? { ...one, mend: called(one.mend, options.environmentsPath) } : one,
  );
  print(options.json ? JSON.stringify(callable, null, 2) : findingsText(callable));
  if (findings.some(({ result }) => result === 'wrong')) throw new ExitError(1);
}

/** A command of this program, as whoever reads it can call it. */
function called(mend: string, environmentsPath: string | undefined): string {
  const place = environmentsPath === undefined ? '' : ` --environments-path ${environmentsPath}`;
  return mend.replaceAll(/\bslipway ((?:init|bootstrap|apply) .*?)(?= && |$)/g, `${invocation()} $1${place}`);
}

async function examineEnvironment(folder: string, name: string): Promise<Finding[]> {
  const found: Finding[] = [];
  const file = (layer: string) => path.join(folder, name, `${layer}.auto.tfvars`);
  const bootstrapped = bootstrappedFrom(folder, name);
  const github = githubOf(folder, bootstrapped);
  const trust = await trustOf(github);
  try {
    if (trust && has('gh')) {
      found.push(...(await examineGitHub(name, trust, usersOf(github), askGitHub())));
    }
    const environment = await readEnvironment(folder, name);
    const variables = await signedIn(environment);
    const common = readSettings(file('common'), ['name', 'exposure', 'state_bucket']);
    const prefix = `${as.text(common['name'])}-${name}`;
    const subject: Subject = {
      environment,
      prefix,
      bucket: as.text(common['state_bucket']) ?? `${prefix}-state-${environment.accountId}`,
      exposure: as.text(common['exposure']) ?? 'edge',
      trust,
      bootstrapped,
    };
    const aws = askAws(variables);
    found.push(...(await examineAccount(subject, aws)), ...(await examineService(subject, aws, variables)));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    found.push({ where: name, check: 'account', ...unknown(error.message) });
  }
  return found;
}

/** Its own folder, or where there is no bootstrap.auto.tfvars that of the environment with which it shares its account. */
function bootstrappedFrom(folder: string, name: string): string {
  const accountOf = (one: string) =>
    readSettings(path.join(folder, one, 'common.auto.tfvars'), ['account_id'])['account_id'];
  if (Object.keys(githubOf(folder, name)).length > 0) return name;
  const others = environmentsIn(folder).filter((one) => Object.keys(githubOf(folder, one)).length > 0);
  return others.find((one) => accountOf(one) === accountOf(name)) ?? name;
}

function githubOf(folder: string, name: string) {
  return as.object(readSettings(path.join(folder, name, 'bootstrap.auto.tfvars'), ['github'])['github']);
}

/** Whom the roles trust of the repository. */
function usersOf(github: ReturnType<typeof as.object>) {
  const plansPullRequests = github['plan_on_pull_requests'] === true;
  return { branch: as.text(github['branch']) ?? 'main', plansPullRequests };
}

/** The repository's real ids where `gh` tells them, else those of the settings. */
async function trustOf(github: ReturnType<typeof as.object>): Promise<Trust | undefined> {
  const [organisation, repository] = [as.text(github['organisation']), as.text(github['repository'])];
  if (!organisation || !repository) return undefined;
  const [organisationId, repositoryId] = (await idsOf({ organisation, repository }))?.split(',') ?? [
    as.text(github['organisation_id']),
    as.text(github['repository_id']),
  ];
  return organisationId && repositoryId
    ? { organisation, repository, organisationId, repositoryId }
    : undefined;
}

function findingsText(findings: Finding[]): string {
  const rows = table(
    findings.map(({ where, check, result, meaning }) => [
      { text: result, as: LOOKS[result] },
      { text: where, as: paint.strong },
      check,
      meaning,
    ]),
  ).split('\n');
  const lines = findings.flatMap(({ mend }, index) => [
    rows[index],
    ...(mend ? [`             mend: ${mend}`] : []),
  ]);
  const count = (result: Result) => findings.filter((one) => one.result === result).length;
  return [
    ...lines,
    '',
    `${count('ok')} ok, ${count('wrong')} wrong, ${count('cannot tell')} cannot tell`,
  ].join('\n');
}
