import path from 'node:path';
import { chooseEnvironment, type Environment, findFolder } from './environments.ts';
import { ExitError, UserError } from './errors.ts';
import { invocation } from './kit.ts';
import { print } from './print.ts';
import { runScript } from './run-script.ts';
import { signInTo } from './signed-in.ts';
import { need } from './tools.ts';

/** Each needs those before it. */
export const LAYERS = ['connectivity', 'security', 'databases', 'application'];

interface Options {
  environment?: string;
  environmentsPath?: string;
}

/** The commands `plan` and `apply`: the script of the action `terraform`, with the environment's settings. */
export async function plan(layer: string, options: Options): Promise<void> {
  const run = await prepare(options);
  for (const one of layersOf(layer)) {
    const { outputs } = await run({ COMMAND: 'plan', LAYER: one });
    if (outputs.get('changes') === 'true') {
      print(
        `\nTo carry it out: ${invocation()} apply ${one} --environment ${run.environment.name} --plan ${outputs.get('plan')}`,
      );
    }
  }
}

/** @param options.plan a plan that was kept; without it one is made, shown and agreed to. */
export async function apply(
  layer: string,
  options: Options & { plan?: string; yes?: boolean },
): Promise<void> {
  if (options.plan !== undefined && layer === 'all') {
    throw new UserError('A kept plan is the plan of one layer: name that layer, not all.');
  }
  const run = await prepare(options);
  for (const one of layersOf(layer)) {
    let kept = options.plan;
    if (kept === undefined) {
      const { outputs } = await run({ COMMAND: 'plan', LAYER: one });
      if (outputs.get('changes') !== 'true') continue;
      kept = outputs.get('plan') ?? '';
      if (!options.yes) await agreed(one, run.environment, kept);
    }
    await run({ COMMAND: 'apply', LAYER: one, PLAN: kept });
  }
}

/** The command `bootstrap`: the script of the layer, which makes an account ready for the others. */
export async function bootstrap(
  environment: string | undefined,
  options: Options & { yes?: boolean },
): Promise<void> {
  need('aws', 'bash', 'jq', 'terraform');
  const folder = findFolder(options.environmentsPath);
  const name = await chooseEnvironment(folder, environment);
  const { status } = await runScript(
    'iac/bootstrap/bootstrap.sh',
    { ENVIRONMENTS: path.resolve(folder) },
    { shown: true, args: [name, ...(options.yes ? ['-auto-approve'] : [])] },
  );
  if (status !== 0) throw new ExitError(status);
}

async function prepare(options: Options) {
  const { folder, environment, variables } = await signInTo(options);
  const run = async (more: Record<string, string>) => {
    const script = '.github/actions/terraform/terraform.sh';
    const ended = await runScript(
      script,
      { ...variables, ENVIRONMENT: environment.name, ENVIRONMENTS: path.resolve(folder), ...more },
      { shown: true },
    );
    if (ended.status !== 0) throw new ExitError(ended.status);
    return ended;
  };
  return Object.assign(run, { environment });
}

function layersOf(layer: string): string[] {
  return layer === 'all' ? LAYERS : [layer];
}

/** @throws UserError where nobody can be asked; ExitError where somebody says no. */
async function agreed(layer: string, { name }: Environment, kept: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      `Nothing was applied, for nobody can be asked. To carry this plan out: ${invocation()} apply ${layer} --environment ${name} --plan ${kept}`,
    );
  }
  const { ask } = await import('./ask.ts');
  if (!(await ask.yes(`Apply this plan of ${layer} to ${name}?`))) throw new ExitError(1);
}
