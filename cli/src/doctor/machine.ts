import { execFileSync } from 'node:child_process';
import { has, isBashNewEnough, terraformProgram } from '../tools.ts';
import { check, type Finding, ok, type Said, unknown, wrong } from './finding.ts';

/** The programs that the other commands and the scripts run. */
export async function examineMachine(): Promise<Finding[]> {
  const where = 'this machine';
  return Promise.all([
    check(where, 'Terraform or OpenTofu', terraform),
    check(where, 'AWS CLI', () => version('aws', ['--version'], /(\d+)/, () => true, '', AWS)),
    check(where, 'bash', () =>
      isBashNewEnough()
        ? ok('4.4 or newer')
        : wrong('It is older than 4.4, and the scripts need that.', install('bash')),
    ),
    check(where, 'jq', () => version('jq', ['--version'], /(\d+)/, () => true, '', install('jq'))),
    check(where, 'git', () => version('git', ['--version'], /(\d+)/, () => true, '', install('git'))),
    check(where, 'GitHub CLI', () =>
      has('gh')
        ? ok('it is there')
        : unknown(
            "It is not there, so nothing can be said of GitHub's environments.",
            'see https://cli.github.com',
          ),
    ),
  ]);
}

const AWS = 'see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html';

function terraform(): Said {
  const program = terraformProgram();
  return version(
    program,
    ['version'],
    /v(\d+)\.(\d+)/,
    ([major, minor]) => Number(major) === 1 && Number(minor) >= 11,
    '1.11 or newer',
    'see https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install/',
  );
}

function version(
  program: string,
  args: string[],
  pattern: RegExp,
  fits: (parts: string[]) => boolean,
  needed: string,
  mend: string,
): Said {
  if (!has(program)) return wrong(`There is no ${program} on the PATH.`, mend);
  const [line = ''] = execFileSync(program, args, { encoding: 'utf8' }).split('\n');
  const parts = pattern.exec(line)?.slice(1) ?? [];
  return fits(parts) ? ok(line) : wrong(`It has to be ${needed}; it is ${line}.`, mend);
}

function install(program: string): string {
  return process.platform === 'darwin' ? `brew install ${program}` : `sudo apt-get install ${program}`;
}
