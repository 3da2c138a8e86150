import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';
import { run } from '@slipway/test-helpers/terraform/terraform';

/** This repository's name, and the version of it that the clones call. */
export const SLIPWAY = 'slipway-dev/slipway';
export const VERSION = 'v1';

const IDENTITY = ['-c', 'user.name=clone', '-c', 'user.email=clone@localhost', '-c', 'commit.gpgsign=false'];

/** Runs git in a folder. @throws Error with what git said. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { code, output } = await run('git', [...IDENTITY, ...args], folder);
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${output}`);
  return output.trim();
}

/** Makes a folder a git repository of one commit. */
export async function commitAll(folder: string): Promise<string> {
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'clone');
  return git(folder, 'rev-parse', 'HEAD');
}

/** Copies what git knows of a folder of this repository, as it is in the work tree. @param only what of it, all where none is named */
export async function copyTree(from: string, to: string, ...only: string[]): Promise<void> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...only];
  const listed = await git(path.join(ROOT, from), ...list);
  await Promise.all(
    listed.split('\n').map(async (name) => {
      await mkdir(path.dirname(path.join(to, name)), { recursive: true });
      await cp(path.join(ROOT, from, name), path.join(to, name), { verbatimSymlinks: true });
    }),
  );
}

/** Changes every workflow and action below `.github/` of a folder. */
export async function editDefinitions(folder: string, change: (text: string) => string): Promise<void> {
  const names = await readdir(path.join(folder, '.github'), { recursive: true });
  await Promise.all(
    names
      .filter((name) => name.endsWith('.yml'))
      .map(async (name) => {
        const file = path.join(folder, '.github', name);
        await writeFile(file, change(await readFile(file, 'utf8')));
      }),
  );
}

/**
 * What GitHub understands and act does not yet: the repository of the file itself, by `$/`; environments
 * without a deployment; queues of more than one. The calls become those of another repository, so that nothing can work
 * only because the caller happens to be Slipway.
 */
export function forAct(text: string): string {
  return (
    text
      .replaceAll(/uses: \$\/(\S+)/g, `uses: ${SLIPWAY}/$1@${VERSION}`)
      .replaceAll(new RegExp(`(uses: ${SLIPWAY}/\\S+)@[0-9a-f]{40}`, 'g'), `$1@${VERSION}`)
      .replaceAll(/^ +deployment: false\n/gm, '')
      .replaceAll(/^ +queue: max.*\n/gm, '')
      // A rollout here takes a second: one that hangs must not outlast its test.
      .replaceAll('default: 1500', 'default: 120')
  );
}
