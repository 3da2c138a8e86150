import { Command, Option } from 'commander';
import { examples, withEnvironmentsPath } from './options.ts';

interface StatusOptions {
  environmentsPath?: string;
  history?: boolean;
  watch?: boolean;
  json?: boolean;
  html?: string;
}

export function statusCommand(): Command {
  const command = withEnvironmentsPath(
    new Command('status')
      .summary('what runs where, since when and why')
      .description(
        "Shows what runs in each environment: commit, since when, why, template, tasks, the last outcomes and what is in flight. It reads the releases' tags and ECS's own history; the role `plan` may.",
      )
      .argument('[environment...]', 'which environments; all of them without it')
      .option('--history', 'every release that ECS remembers, for about 90 days')
      .addOption(
        new Option('--watch', 'follow the next rollout, or the one in flight, to its end').conflicts([
          'history',
          'json',
          'html',
        ]),
      )
      .addOption(
        new Option(
          '--html <file>',
          'write one page that stands alone: a timeline and four figures',
        ).conflicts('json'),
      )
      .option('--json', 'print JSON'),
  ).action(async (names: string[], options: StatusOptions) => {
    const { status } = await import('../status/status.ts');
    await status(names, options);
  });
  return examples(command, [
    ['slipway status', 'every environment'],
    ['slipway status production --history', 'what was released there, and how each ended'],
    ['slipway status staging --watch', 'a line a change; exit code 1 unless it completes'],
    ['slipway status --json | jq', 'for programs'],
    ['slipway status --html status.html', 'a page for people'],
  ]);
}
