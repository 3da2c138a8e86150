import { Argument, Command } from 'commander';
import { examples, withEnvironment, withEnvironmentsPath } from './options.ts';

interface LayerOptions {
  environment?: string;
  environmentsPath?: string;
}

const layer = () =>
  new Argument('<layer>', 'which layer; all: one after the other').choices([
    'connectivity',
    'security',
    'databases',
    'application',
    'all',
  ]);

export function bootstrapCommand(): Command {
  const command = withEnvironmentsPath(
    new Command('bootstrap')
      .summary('make an account ready: state bucket, keys, roles')
      .description(
        "Makes what an account needs before the first layer, with an administrator's credentials. Cut off, it goes on where it stopped when it is run again.",
      )
      .argument('[environment]', 'the environment; not needed where there is one only'),
  )
    .option('-y, --yes', 'do not ask')
    .action(async (environment: string | undefined, options: LayerOptions & { yes?: boolean }) => {
      const { bootstrap } = await import('../layers.ts');
      await bootstrap(environment, options);
    });
  return examples(command, [['slipway bootstrap staging', 'shows a plan, and asks']]);
}

export function planCommand(): Command {
  const command = withEnvironment(
    new Command('plan')
      .summary('show what a layer would change')
      .description('Plans a layer as the workflow does, and keeps the plan in the state bucket.')
      .addArgument(layer()),
  ).action(async (name: string, options: LayerOptions) => {
    const { plan } = await import('../layers.ts');
    await plan(name, options);
  });
  return examples(command, [
    ['slipway plan application -e staging', 'ends with the command that carries it out'],
  ]);
}

export function applyCommand(): Command {
  const command = withEnvironment(
    new Command('apply')
      .summary('plan a layer, and carry out exactly that plan')
      .description(
        'Plans a layer, asks, and carries out that plan as the workflow does: a state that has moved since is refused.',
      )
      .addArgument(layer()),
  )
    .option('--plan <plan>', 'a plan that was kept, as `slipway plan` or a run of the workflow shows it')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, options: LayerOptions & { plan?: string; yes?: boolean }) => {
      const { apply } = await import('../layers.ts');
      await apply(name, options);
    });
  return examples(command, [
    ['slipway apply all -e staging', 'the first day: one layer after the other'],
    ['slipway apply security -e staging --yes', 'without a question'],
  ]);
}
