import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ExitError, UserError } from '../errors.ts';
import { commitOfKit, versionOfKit } from '../kit.ts';
import { note, paint, print } from '../print.ts';
import { need } from '../tools.ts';
import { type Flags, gather } from './answers.ts';
import { deliverOf, filesOf } from './files.ts';
import { said } from './find.ts';
import { nextSteps } from './next-steps.ts';
import { readRepository, textOf } from './repository.ts';

/** The workflows that a repository has anyway. */
const TAKEN = ['deliver', 'infrastructure'];

/** The command `init`: one environment's settings, and the callers' workflows for all that are there. */
export async function init(environment: string, flags: Flags): Promise<void> {
  need('bash', 'git', 'jq', 'terraform');
  if (!/^(?!.*--)[a-z]([a-z0-9-]{0,10}[a-z0-9])$/.test(environment) || TAKEN.includes(environment)) {
    throw new UserError(
      `An environment is called with 2 to 12 lower-case letters, digits or hyphens, and not ${TAKEN.join(' or ')}; this one would be ${environment}.`,
    );
  }
  const root = await said('git', 'rev-parse', '--show-toplevel');
  if (root) process.chdir(root);

  const repository = readRepository(path.normalize(flags.environmentsPath ?? 'environments'), environment);
  const answers = await gather(environment, flags, repository, (name) => deliverOf(repository, name));
  if (answers.from !== null && !repository.environments.has(answers.from)) {
    throw new UserError(
      `There is no environment ${answers.from} to promote from; there is: ${[...repository.environments.keys()].join(', ')}.`,
    );
  }
  const files = filesOf(answers, repository, { commit: commitOfKit(), version: versionOfKit() });
  const changed = [...files].filter(([file, text]) => textOf(file) !== text);
  if (changed.length === 0) {
    print('Nothing to change: the files say all of this already.');
    return;
  }
  await show(changed);
  await agreed(flags, changed);
  for (const [file, text] of changed) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const { dockerfile, image } = answers;
  if (!existsSync(dockerfile)) {
    note(
      `There is no ${dockerfile} yet, which each push builds: the port and the health check are the defaults. Run init again when it is there, or say with --dockerfile where it is.`,
    );
  } else if (!image.user) {
    note(
      `${dockerfile} names no USER in its last stage: its tasks run as root, unless the base image says otherwise.`,
    );
  }
  print(
    nextSteps(
      answers,
      repository,
      changed.map(([file]) => file),
    ),
  );
}

/** New files by their names; what would change in those that are there line by line. */
async function show(changed: [string, string][]): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'slipway-'));
  try {
    for (const [file, text] of changed) {
      if (!existsSync(file)) {
        print(`${paint.good('new')}      ${file}`);
        continue;
      }
      print(`${paint.doubtful('changed')}  ${file}`);
      const after = path.join(scratch, path.basename(file));
      await writeFile(after, text);
      const colour = process.stdout.isTTY && !process.env['NO_COLOR'] ? 'always' : 'never';
      const { stdout } = spawnSync('git', ['diff', '--no-index', `--color=${colour}`, '--', file, after], {
        encoding: 'utf8',
      });
      // Without the four lines that name the files.
      print(stdout.split('\n').slice(4).join('\n').trimEnd());
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** @throws UserError where what is there would change and nobody can be asked; ExitError where somebody says no. */
async function agreed({ yes }: Flags, changed: [string, string][]): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    if (changed.every(([file]) => !existsSync(file))) return;
    throw new UserError('Nothing was written: --yes lets these files be changed.');
  }
  const { ask } = await import('../ask.ts');
  if (!(await ask.yes('Write these files?'))) throw new ExitError(1);
}
