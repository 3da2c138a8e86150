import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '@slipway/test-helpers/root';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { shellBlocks, shownCommands } from './support/markdown.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** Pages whose commands are to be pasted. */
const PAGES = ['iac/README.md', 'docs/platform-teams.md', 'docs/exposures.md'];
const blocks = PAGES.flatMap((page) => shellBlocks(read(page)).map((block) => ({ page, block })));

/** What stubs answer: everything else is silent. Two tasks, so that a shell which does not split words is found out. */
const ANSWERS: Record<string, string> = {
  'aws ecr describe-repositories': '111111111111.dkr.ecr.us-east-1.amazonaws.com/slipway-development',
  'aws ecs list-tasks': 'arn:one\tarn:two',
  'aws ecs describe-tasks': 'eni-1\teni-2',
  'git rev-parse': 'c'.repeat(40),
};
const PROGRAMS = ['aws', 'docker', 'git', 'npm', 'npx'];

/** Who runs for real what the pages call, and the words by which that is found there. */
const RUN_BY: [call: string, file: string, words: string][] = [
  ['npm ci && npm start', '.ci/check-start.sh', 'API_PORT=$port npm start'],
  ['curl localhost:3000/connect', '.ci/check-start.sh', '/connect'],
  ['npm run rehearse -- --quick', '.ci/run', 'npm run rehearse --ignore-scripts -- --quick'],
  ['npm ci', '.ci/run', 'npm ci'],
  ['npm run build -w redeployer', 'package.json', 'npm run build -w redeployer'],
  ['npm run slipway -- bootstrap development', 'rehearsal/stage/layers.ts', "this.slipway('bootstrap'"],
  ['npm run slipway -- apply all', 'docs/test/first-day.spec.ts', 'apply all --environment'],
  ['npm run slipway -- apply application', 'docs/test/first-day.spec.ts', 'TF_CLI_ARGS_plan'],
  ['npm run slipway -- status development --watch', 'docs/test/first-day.spec.ts', '--watch'],
  ['npm run slipway -- status development --history', 'docs/test/first-day.spec.ts', '--history'],
  ['npx --yes slipway.tgz', 'docs/test/first-day.spec.ts', "'docs/platform-teams.md'"],
  ['npx slipway.tgz init staging', 'docs/test/first-day.spec.ts', "expectShown('init staging'"],
  ['npx slipway.tgz doctor', 'docs/test/first-day.spec.ts', "expectShown('doctor'"],
  ['git rev-parse', 'docs/test/first-day.spec.ts', "'iac/README.md'"],
  ['aws ecr', 'docs/test/first-day.spec.ts', "'iac/README.md'"],
  ['aws rds describe-db-snapshots', 'docs/test/first-day.spec.ts', "'iac/README.md'"],
];

/** What is run with stubs alone: it takes Docker, or a network in which a task has an address. */
const NOT_HERE = ['docker', 'aws ecs', 'aws ec2'];

describe('the commands of the pages', () => {
  test('can be pasted: none has a comment, which an interactive zsh does not take, or an ellipsis', () => {
    expect(blocks.filter(({ block }) => /(^|\s)#|…/.test(block))).toEqual([]);
    expect(PAGES.filter((page) => !blocks.some((one) => one.page === page))).toEqual([]);
  });

  test('are each run for real by somebody, or said to need what is not here', async () => {
    const called = await callsOf('bash', blocks.map(({ block }) => block).join('\n'));
    const commands = [...called, ...shownCommands(read('README.md'))]
      .map((command) => command.replace(/https:\S+\.tgz/, 'slipway.tgz'))
      .filter((command) => !NOT_HERE.some((call) => command.startsWith(call)));

    const known = (command: string) => RUN_BY.find(([call]) => command.startsWith(call));
    expect(commands.filter((command) => !known(command))).toEqual([]);
    expect(RUN_BY.filter((one) => !commands.some((command) => known(command) === one))).toEqual([]);
    expect(RUN_BY.filter(([, file, words]) => !read(file).includes(words))).toEqual([]);
  });

  test('give each program what it is meant to get', async () => {
    const called = await callsOf('bash', blocks.map(({ block }) => block).join('\n'));

    expect(called).toContain(
      'aws ecs describe-tasks --cluster slipway-development --query ' +
        'tasks[].attachments[].details[?name==`networkInterfaceId`].value[] --output text --tasks arn:one arn:two',
    );
    expect(called).toContain(
      'docker buildx build --file service/Dockerfile --platform linux/arm64 ' +
        `--build-arg GIT_SHA=${'c'.repeat(40)} ` +
        `--tag 111111111111.dkr.ecr.us-east-1.amazonaws.com/slipway-development:${'c'.repeat(40)} --push .`,
    );
  });
});

describeNeeds(findTool('zsh'))('zsh', () => {
  test.each(blocks.map(({ page, block }) => ({ page, first: block.split('\n')[0], block })))(
    'calls what bash calls: $page: $first',
    async ({ block }) => {
      expect(await callsOf('zsh', block)).toEqual(await callsOf('bash', block));
    },
  );
});

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'page-'));
  mkdirSync(path.join(folder, 'bin'));
  const answers = Object.entries(ANSWERS).map(([call, answer]) => `'${call}'*) printf '${answer}\\n' ;;`);
  const stub = `#!/usr/bin/env bash
call="\${0##*/} $*"
printf '%s\\n' "$call" >>"$CALLS"
case $call in ${answers.join(' ')} esac
`;
  for (const program of PROGRAMS) {
    writeFileSync(path.join(folder, 'bin', program), stub);
    chmodSync(path.join(folder, 'bin', program), 0o755);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Everything that a shell calls for these commands, in order. */
async function callsOf(shell: string, commands: string): Promise<string[]> {
  const calls = path.join(folder, 'calls');
  writeFileSync(calls, '');
  const environment = {
    PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`,
    CALLS: calls,
  };
  // What one block defines, the next one of its page may use.
  const before = blocks.flatMap(({ block }) => /^\w+\(\) \{.*\}$/m.exec(block) ?? []).join('\n');
  // What somebody's own start-up files say is theirs: bash reads them where its input is a socket, as it is here.
  const bare = shell === 'zsh' ? '-f' : '--norc';
  const { output } = await run(shell, [bare, '-c', `${before}\n${commands}`], folder, environment);
  expect(output).not.toMatch(/not found|syntax|parse error|no matches/);
  // Of a pipe either end may be first.
  return readFileSync(calls, 'utf8').trim().split('\n').toSorted();
}
