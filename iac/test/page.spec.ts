import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { ENVIRONMENTS, IAC } from '@slipway/test-helpers/terraform/layers';
import { run } from '@slipway/test-helpers/terraform/terraform';

/** What stubs answer: everything else is silent. Two tasks, so that a shell which does not split words is found out. */
const ANSWERS: Record<string, string> = {
  'aws ecs list-tasks': 'arn:one\tarn:two',
  'aws ecs describe-tasks': 'eni-1\teni-2',
  'git rev-parse': 'c'.repeat(40),
};
const PROGRAMS = ['aws', 'docker', 'git', 'npm', 'terraform', 'tofu'];

const page = readFileSync(path.join(IAC, 'README.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((one) => one[1] ?? '');

/**
 * The commands of the page, each as it is written, with stubs for the programs that they call: what is shown is that both
 * shells call the same with the same arguments. bootstrap.sh itself runs against an emulator in rehearsal/test/applied.
 */
describe('the commands of iac/README.md', () => {
  test('can be pasted: none has a comment, which an interactive zsh does not take, or an ellipsis', () => {
    expect(blocks.filter((block) => /(^|\s)#|…/.test(block))).toEqual([]);
    expect(blocks.length).toBeGreaterThan(0);
  });

  test('name layers, environments and files that there are', async () => {
    const called = await callsOf('bash', blocks.join('\n'));

    expect(called).toContain('npm run slipway -- bootstrap development');
    expect(called).toContain('npm run slipway -- apply all --environment development');
    const environments = called.flatMap((call) =>
      [...call.matchAll(/environments\/(\w+)\//g)].map((one) => one[1]),
    );
    expect(environments.filter((one) => !ENVIRONMENTS.includes(one ?? ''))).toEqual([]);
    expect(called).toContain(
      'aws ecs describe-tasks --cluster slipway-development --query ' +
        'tasks[].attachments[].details[?name==`networkInterfaceId`].value[] --output text --tasks arn:one arn:two',
    );
  });

  test('ask for OpenTofu where that is set', async () => {
    const called = await callsOf('bash', `export SLIPWAY_TERRAFORM=tofu\n${blocks.join('\n')}`);

    expect(called.filter((call) => call.startsWith('terraform '))).toEqual([]);
    expect(called.filter((call) => call.startsWith('tofu ')).length).toBeGreaterThan(0);
  });
});

describeNeeds(findTool('zsh'))('zsh', () => {
  test.each(blocks.map((block) => [block.split('\n').find(Boolean) ?? '', block]))(
    'calls what bash calls: %s',
    async (_, block) => {
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
    SLIPWAY_TERRAFORM: undefined,
  };
  const { output } = await run(
    shell,
    [...(shell === 'zsh' ? ['-f'] : []), '-c', commands],
    folder,
    environment,
  );
  expect(output).not.toMatch(/not found|syntax|parse error|no matches/);
  // Of a pipe either end may be first.
  return readFileSync(calls, 'utf8').trim().split('\n').toSorted();
}
