import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.ts';

/** The repository's files, new ones too, but none that git ignores; by path from the root. @param patterns of git, such as `*.md` */
export function listFiles(...patterns: string[]): string[] {
  const options = ['ls-files', '-co', '--exclude-standard', '--', ...patterns];
  return execFileSync('git', options, { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => existsSync(path.join(ROOT, file)));
}
