import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { alarmsIn } from './support/alarms.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = path.join(root, 'docs/runbooks');
const runbooks = readdirSync(folder)
  .filter((file) => file !== 'README.md')
  .map((file) => path.basename(file, '.md'));
const textOf = (runbook: string) => readFileSync(path.join(folder, `${runbook}.md`), 'utf8');

/** Every alarm that Terraform makes, in either exposure, without its prefix. */
const alarms = readdirSync(path.join(root, 'iac'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tf') && !file.includes('.terraform'))
  .flatMap((file) => alarmsIn(readFileSync(path.join(root, 'iac', file), 'utf8')));

describe('the runbooks', () => {
  it('are one for each alarm, and one for the budget', () => {
    expect(alarms.length).toBeGreaterThan(0);
    expect(new Set(runbooks)).toEqual(new Set(['budget', ...alarms]));
  });

  it('are all in the index', () => {
    const listed = [...textOf('README').matchAll(/^\| \[([\w-]+)\]\(\1\.md\)/gm)].map((row) => row[1]);
    expect(new Set(listed)).toEqual(new Set(runbooks));
  });

  it.each(runbooks)(
    '%s says what users notice, where to look, why, when it is over and what not to do',
    (runbook) => {
      const text = textOf(runbook);
      const sections = [...text.matchAll(/^#{1,2} (.+)$/gm)].map((heading) => heading[1]);
      expect(sections).toEqual(
        expect.arrayContaining([runbook, 'Look first', 'Causes', 'Over when', 'Do not']),
      );
      expect(text).toContain('**Users**');
    },
  );
});
