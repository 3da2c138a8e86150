import { Command, Option } from 'commander';
import type { Flags } from '../init/answers.ts';
import { examples } from './options.ts';

export function initCommand(): Command {
  const command = new Command('init')
    .summary("write an environment's settings and the workflows")
    .description(
      "Writes the settings of an environment and the workflows that call Slipway's, pinned to the commit of this version. It asks what it cannot find out from git, gh, aws and the Dockerfile; a flag answers a question before it is asked. Run again it changes nothing; with other answers it shows the difference first. It ends with the commands that are left.",
    )
    .argument('[environment]', 'the environment to make, or to change', 'staging')
    .option('--name <name>', 'name of the service (that of the repository)')
    .option('--account-id <digits>', 'AWS account (the one that you are signed in to)')
    .option('--region <region>', 'AWS region (the one that is configured)')
    .addOption(
      new Option(
        '--exposure <exposure>',
        'edge: CloudFront, a firewall and a load balancer; public_ip: the tasks, for tests',
      ).choices(['edge', 'public_ip']),
    )
    .addOption(
      new Option('--architecture <name>', 'of the tasks and of the image').choices(['ARM64', 'X86_64']),
    )
    .option('--domain <name>', 'with edge: the name that it is reached by')
    .option('--zone-id <id>', 'the Route 53 zone that holds the domain')
    .option(
      '--allowed-cidr <block>',
      'with public_ip: a network from which it is reached; may be repeated',
      more,
    )
    .option('--health-check-path <path>', 'with edge: what the load balancer asks (/health/ready)')
    .option('--email <address>', 'is sent alarms and outcomes; may be repeated', more)
    .option('--from <environment>', 'whose images it runs (the environment that each push goes to)')
    .option('--github <owner/name>', 'the repository (the remote origin)')
    .option('--github-ids <ids>', "the ids of its owner and its own, with a comma between (gh's answer)")
    .option('--branch <name>', 'the branch that is shipped (the default one)')
    .option('--context <folder>', 'folder that the image is built from')
    .option('--dockerfile <file>', 'path of the Dockerfile (Dockerfile in that folder)')
    .option(
      '--environments-path <folder>',
      'folder of the environments; one of its own for each of several services (environments)',
    )
    .option('-y, --yes', 'ask nothing, and write')
    .action(async (environment: string, flags: Flags) => {
      const { init } = await import('../init/init.ts');
      await init(environment, flags);
    });
  return examples(command, [
    ['slipway init', 'the first environment, staging, with questions'],
    ['slipway init production', 'one more, which runs what staging runs'],
    ['slipway init staging --exposure edge', 'shows what that changes, and asks'],
    ['slipway init --yes --exposure edge', 'asks nothing; names the flags that are missing'],
    ['slipway init --environments-path services/api/environments', 'one of several services'],
  ]);
}

function more(value: string, before: string[] = []): string[] {
  return [...before, value];
}
