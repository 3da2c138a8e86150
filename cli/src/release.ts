import { execFileSync } from 'node:child_process';
import { ExitError, UserError } from './errors.ts';
import { note, print } from './print.ts';
import { runScript } from './run-script.ts';
import { signInTo } from './signed-in.ts';

/** The command `release`: what the workflow release-image.yml does, by the same two scripts. */
export async function release(
  commit: string,
  options: { environment?: string; environmentsPath?: string; waitSeconds: number },
): Promise<void> {
  const full = fullCommit(commit);
  const { environment, variables } = await signInTo(options);
  const { repository, service, cluster, architecture } = environment;
  const { outputs } = await runScript('.github/actions/request-release/request.sh', {
    ...variables,
    COMMIT: full,
    REPOSITORY: repository,
    SERVICE: service,
    ARCHITECTURE: architecture,
  });
  print(`Asked ${environment.name} for ${full}.`);
  const { status } = await runScript(
    '.github/actions/wait-for-rollout/wait.sh',
    {
      ...variables,
      CLUSTER: cluster,
      SERVICE: service,
      DIGEST: outputs.get('digest') ?? '',
      SINCE: outputs.get('requested-at') ?? '',
      TIMEOUT_SECONDS: String(options.waitSeconds),
    },
    { shown: true },
  );
  if (status === 130) note(`The release goes on: \`slipway status ${environment.name} --watch\` follows it.`);
  if (status !== 0) throw new ExitError(status);
}

function fullCommit(commit: string): string {
  if (/^[0-9a-f]{40}$/.test(commit)) return commit;
  try {
    return execFileSync(
      'git',
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim();
  } catch (cause) {
    throw new UserError(`git knows no commit ${commit} here: name one, or all its 40 digits.`, { cause });
  }
}
