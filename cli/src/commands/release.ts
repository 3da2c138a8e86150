import { Command } from 'commander';
import { examples, seconds, withEnvironment } from './options.ts';

export function releaseCommand(): Command {
  const command = withEnvironment(
    new Command('release')
      .summary('run a commit, newer or older than the one that runs')
      .description(
        'Asks for a release of a commit whose image is in the registry, and waits until the service runs it, as the workflow release-image.yml does. A rollback is a release of an older commit.',
      )
      .argument('<commit>', 'a commit of 40 digits, or what git knows as one'),
  )
    .option('--wait-seconds <seconds>', 'how long to wait at most', seconds, 1500)
    .action(
      async (
        commit: string,
        options: { environment?: string; environmentsPath?: string; waitSeconds: number },
      ) => {
        const { release } = await import('../release.ts');
        await release(commit, options);
      },
    );
  return examples(command, [
    ['slipway release 0123abc -e production', 'exit code 0 only if production runs it'],
    ['slipway release HEAD~1 -e staging', 'the commit before'],
  ]);
}
