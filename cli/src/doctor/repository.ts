import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CALL, callersIn } from '../init/callers.ts';
import { as, readSettings } from '../init/settings.ts';
import { ofKit } from '../kit.ts';
import { terraformProgram } from '../tools.ts';
import { check, type Finding, ok, type Said, wrong } from './finding.ts';

const run = promisify(execFile);

const ROOTS = ['bootstrap', 'connectivity', 'security', 'databases', 'application'];

/** What can be seen in the repository alone: each environment's settings, and the callers' workflows. */
export async function examineRepository(folder: string, environments: string[]): Promise<Finding[]> {
  return Promise.all([
    ...environments.flatMap((name) => [
      check(name, 'settings', () => settings(folder, name)),
      check(name, 'state bucket in both files', () => stateBucket(folder, name)),
    ]),
    check('workflows', 'one version of Slipway', () => versions(environments)),
    check('workflows', 'environments that exist', () => named(environments)),
  ]);
}

/** Terraform itself reads the settings, against the layers' variables with their validations and nothing else. */
async function settings(folder: string, name: string): Promise<Said> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'slipway-doctor-'));
  try {
    cpSync(ofKit('iac/every-layer/environment.tf'), path.join(scratch, 'environment.tf'));
    for (const root of ROOTS) {
      const text = readFileSync(ofKit(`iac/${root}/variables.tf`), 'utf8');
      writeFileSync(path.join(scratch, `${root}.tf`), text.replaceAll(/^locals \{.*?^\}/gms, ''));
    }
    const place = path.resolve(folder, name);
    const files = readdirSync(place).filter((file) => file.endsWith('.auto.tfvars'));
    // An account that another folder bootstraps has no such file here.
    const lacking = files.includes('bootstrap.auto.tfvars')
      ? []
      : ['-var=github={organisation="a",organisation_id="1",repository="a",repository_id="1"}'];
    const args = ['plan', '-input=false', '-no-color', '-var=redeployer_zip=./environment.tf', ...lacking];
    await run(terraformProgram(), [...args, ...files.map((file) => `-var-file=${path.join(place, file)}`)], {
      cwd: scratch,
    });
    return ok(`${files.length} files, and no setting contradicts another`);
  } catch (error) {
    const said = ((error as { stderr?: string }).stderr ?? String(error)).replaceAll(/^[ │╵╷]+/gm, '');
    const sentences = said.split(/\n\s*\n/).map((part) => part.replaceAll(/\s+/g, ' ').trim());
    const sentence = sentences
      .filter((part) => part && !/^on |^This was checked/.test(part))
      .slice(0, 2)
      .join(' ');
    return wrong(
      sentence,
      `edit the files in ${path.join(folder, name)}, or give the right answer to slipway init ${name}`,
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function stateBucket(folder: string, name: string): Said {
  const backend = path.join(folder, name, 'backend.hcl');
  if (!existsSync(backend)) return ok('there is no backend.hcl, and none is needed');
  const common = readSettings(path.join(folder, name, 'common.auto.tfvars'), [
    'name',
    'account_id',
    'state_bucket',
  ]);
  const usual = `${as.text(common['name'])}-${name}-state-${as.text(common['account_id'])}`;
  const wanted = as.text(common['state_bucket']) ?? usual;
  const said = as.text(readSettings(backend, ['bucket'])['bucket']);
  return said === wanted
    ? ok(`backend.hcl names it too: ${wanted}`)
    : wrong(`backend.hcl names ${said}, and common.auto.tfvars means ${wanted}.`, `edit ${backend}`);
}

interface Call {
  file: string;
  reference: string;
}

function calls(): Call[] {
  return callersIn().flatMap(({ file, text }) =>
    [...text.matchAll(CALL)].map(([, , reference = '']) => ({ file, reference })),
  );
}

function versions(environments: string[]): Said {
  const mend = `slipway init ${environments[0] ?? ''} --yes`;
  const all = calls();
  const references = [...new Set(all.map(({ reference }) => reference))];
  const [only] = references;
  if (only === undefined) return ok('no workflow here calls Slipway');
  if (references.length > 1) {
    const where = references.map((one) => `${one.slice(0, 12)} in ${filesWith(all, one)}`).join('; ');
    return wrong(`The workflows call ${references.length} versions: ${where}.`, mend);
  }
  return /^[0-9a-f]{40}$/.test(only)
    ? ok(`every call is pinned to ${only.slice(0, 12)}`)
    : wrong(`The workflows call ${only}, which can move: pin them to a commit.`, mend);
}

function filesWith(all: Call[], reference: string): string {
  return [...new Set(all.filter((one) => one.reference === reference).map(({ file }) => file))].join(', ');
}

function named(environments: string[]): Said {
  const missing = callersIn().flatMap(({ file, text }) =>
    [...text.matchAll(/[{\s](?:environment|from): ([a-z][a-z0-9-]*)(?=[\s,}]|$)/gm)]
      .map(([, name = '']) => ({ file, name }))
      .filter(({ name }) => !environments.includes(name)),
  );
  const [first] = missing;
  return first
    ? wrong(
        `${first.file} names the environment ${first.name}, which has no settings.`,
        `slipway init ${first.name}`,
      )
    : ok('every environment that a workflow names has settings');
}
