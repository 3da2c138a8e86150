import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { commitAll, editDefinitions } from './clone.ts';

/** What a checker found in the workflows and actions of a tree, a line each. */
type Checker = (root: string) => Promise<string[]>;

async function zizmor(root: string): Promise<string[]> {
  const { output } = await run(
    'zizmor',
    ['--offline', '--pedantic', '--format', 'json-v1', '--quiet', '.'],
    root,
  );
  const from = output.indexOf('[');
  const findings = JSON.parse(output.slice(from, output.lastIndexOf(']') + 1)) as { ident: string }[];
  return findings.map(({ ident }) => ident);
}

/**
 * On a copy, without what actionlint does not know yet: `$/`, and `queue`. It then takes the actions and workflows for
 * local ones, and checks the names and types of what they are given.
 */
async function actionlint(root: string): Promise<string[]> {
  const copy = await mkdtemp(path.join(tmpdir(), 'actionlint-'));
  await cp(path.join(root, '.github'), path.join(copy, '.github'), { recursive: true });
  await editDefinitions(copy, (text) =>
    text.replaceAll('uses: $/', 'uses: ./').replaceAll(/^ +queue: max.*\n/gm, ''),
  );
  await commitAll(copy);
  const { code, output } = await run('actionlint', ['-oneline', '-shellcheck=shellcheck'], copy);
  await rm(copy, { recursive: true });
  return code === 0 ? [] : output.trim().split('\n');
}

async function checkov(folder: string): Promise<string[]> {
  const args = ['--directory', folder, '--framework', 'github_actions', '--compact', '--output', 'json'];
  // CKV_GHA_7 asks workflows that are started by hand to take no inputs, for the sake of builds. Nothing is built by hand.
  const { output } = await run('checkov', [...args, '--skip-download', '--skip-check', 'CKV_GHA_7'], folder);
  const report = JSON.parse(output.slice(output.indexOf('{'))) as {
    results?: { failed_checks: { check_id: string; file_path: string }[] };
    passed?: number;
  };
  return (report.results?.failed_checks ?? []).map(({ check_id, file_path }) => `${file_path}: ${check_id}`);
}

/** The kept checkers that `npm test` does without. */
export const CHECKERS: Readonly<Record<string, Checker>> = { zizmor, actionlint, checkov };
