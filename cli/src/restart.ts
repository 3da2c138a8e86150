import { ExitError, UserError } from './errors.ts';
import { note, print } from './print.ts';
import { runScript } from './run-script.ts';
import { signInTo } from './signed-in.ts';
import { ecsClient } from './status/ecs.ts';
import { look } from './status/look.ts';
import { changeText } from './status/text.ts';
import { watch } from './status/watch.ts';

/** So many deployments are described, to find the one that the restart becomes. */
const FEW = 10;

/**
 * The command `restart`. Whatever is released after it was asked for replaces the tasks: the same release once more, or
 * a newer one that came at the same time.
 */
export async function restart(options: {
  environment?: string;
  environmentsPath?: string;
  waitSeconds: number;
}): Promise<void> {
  const { environment, variables } = await signInTo(options);
  const client = ecsClient(environment);
  const looking = () => look(client, environment, FEW);
  const before = await looking();
  if (!before.running)
    throw new UserError(`Nothing was released in ${environment.name} yet, so nothing can be restarted.`);
  if (before.paused) {
    throw new UserError(`${environment.name} is paused: it begins with new tasks when the pause is over.`);
  }
  const newest = Math.max(before.running.release, ...before.rollouts.map(({ release }) => release));
  await runScript('.github/actions/request-release/restart.sh', {
    ...variables,
    SERVICE: environment.service,
  });
  print(`Asked ${environment.name} for new tasks of ${before.running.commit}.`);

  const interrupted = () => {
    note(`The restart goes on: \`slipway status ${environment.name} --watch\` follows it.`);
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  const end = await watch(
    [looking],
    ({ release }) => release > newest,
    (seen, rollout) => print(changeText(seen, rollout)),
    { until: Date.now() + options.waitSeconds * 1000 },
  );
  process.off('SIGINT', interrupted);
  if (!end) {
    throw new UserError(
      `timed-out: after ${options.waitSeconds} seconds the new tasks do not run yet. The redeployer's log and its dead-letter queue tell what it did.`,
    );
  }
  if (end.outcome !== 'completed') throw new ExitError(1);
}
