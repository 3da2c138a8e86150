import { expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fakePrograms } from './support/fake-programs.ts';
import { describeScripts, runScript } from './support/script.ts';

const MATRIX = JSON.stringify([{ environment: 'live', layer: 'security' }]);
const MARK = '<!-- slipway: plans of services/a/environments -->';
const TITLE = 'The infrastructure differs from the code: services/a/environments';

/** Runs a report about services/a/environments on a repository that has these comments or issues. @returns the calls of gh */
async function report(script: string, there: object[], result: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'report-'));
  await mkdir(path.join(folder, 'plans'));
  await writeFile(
    path.join(folder, 'plans/live-security.record.json'),
    JSON.stringify({ environment: 'live', layer: 'security', result }),
  );
  // What gh does with --jq, it does with jq.
  const gh = `if [[ "$*" == *--jq* ]]; then jq --raw-output "\${@: -1}" <<<'${JSON.stringify(there)}'; fi`;
  const programs = await fakePrograms({ gh });
  const { said } = await runScript(script, {
    PATH: `${programs}:${process.env['PATH']}`,
    MATRIX,
    ENVIRONMENTS: 'services/a/environments',
    FOLDER: path.join(folder, 'plans'),
    PULL_REQUEST: '5',
    RUN: 'https://run',
    GH_REPO: 'acme/ledger',
    GH_TOKEN: 'token',
  });
  expect(said.replace(/.* layers differ .*\n/, '')).toBe('');
  const calls = await readFile(path.join(programs, 'calls'), 'utf8');
  await Promise.all([folder, programs].map((one) => rm(one, { recursive: true })));
  return calls;
}

const comment = (id: number, body: string, type = 'Bot') => ({ id, body, user: { type } });

describeScripts('the comment of a folder of environments', () => {
  it.each([
    ['is made', [], '--method POST repos/acme/ledger/issues/5/comments '],
    [
      'is updated',
      [comment(7, 'Hello', 'User'), comment(8, `${MARK}\n## Plans`)],
      '--method PATCH repos/acme/ledger/issues/comments/8 ',
    ],
    [
      'is neither that of another folder nor what somebody quotes',
      [comment(7, MARK.replace('/a/', '/b/')), comment(8, `${MARK}\n## Plans`, 'User')],
      '--method POST repos/acme/ledger/issues/5/comments ',
    ],
  ])('%s', async (_, there, call) => {
    expect(await report('comment-plans/comment.sh', there, 'same')).toContain(call);
  });
});

describeScripts('the issue of a folder of environments', () => {
  const other = { number: 7, title: TITLE.replace('/a/', '/b/') };
  const own = { number: 8, title: TITLE };

  it.each([
    ['is opened', [other], 'changed', `issue create --title ${TITLE} `],
    ['is updated', [other, own], 'changed', 'issue edit 8 '],
    ['is closed', [other, own], 'same', 'issue close 8 '],
  ])('%s', async (_, there, result, call) => {
    const calls = await report('report-drift/report.sh', there, result);
    expect(calls).toContain(call);
    expect(calls).not.toMatch(/ 7 /);
  });
});
