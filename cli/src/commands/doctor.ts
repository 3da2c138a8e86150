import { Command } from 'commander';
import { examples, withEnvironmentsPath } from './options.ts';

export function doctorCommand(): Command {
  const command = withEnvironmentsPath(
    new Command('doctor')
      .summary('what is wrong, and the command that mends it')
      .description(
        'Looks at this machine, the settings and workflows, GitHub, and the account that you are signed in to. Each check is ok, wrong or cannot tell. It reads only; exit code 1 if something is wrong.',
      )
      .argument('[environment...]', 'which environments; all of them without it')
      .option('--json', 'print JSON'),
  ).action(async (names: string[], options: { environmentsPath?: string; json?: boolean }) => {
    const { doctor } = await import('../doctor/doctor.ts');
    await doctor(names, options);
  });
  return examples(command, [
    ['slipway doctor', 'everything'],
    ['slipway doctor production --json', 'one environment, for programs'],
  ]);
}
