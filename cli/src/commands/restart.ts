import { Command } from 'commander';
import { examples, seconds, withEnvironment } from './options.ts';

export function restartCommand(): Command {
  const command = withEnvironment(
    new Command('restart')
      .summary('replace the tasks by new ones of the same release')
      .description(
        'Asks for new tasks of what runs, such as after a secret was changed by hand, and waits until they run. There is no gap: ECS starts the new ones first.',
      ),
  )
    .option('--wait-seconds <seconds>', 'how long to wait at most', seconds, 1500)
    .action(async (options: { environment?: string; environmentsPath?: string; waitSeconds: number }) => {
      const { restart } = await import('../restart.ts');
      await restart(options);
    });
  return examples(command, [['slipway restart -e staging', 'exit code 0 only if new tasks run']]);
}
