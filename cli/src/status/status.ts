import { assertKnown, environmentsIn, findFolder, readEnvironment } from '../environments.ts';
import { ExitError } from '../errors.ts';
import { note, print } from '../print.ts';
import { ecsClient } from './ecs.ts';
import { look } from './look.ts';
import type { Status } from './model.ts';
import { changeText, historyText, statusText } from './text.ts';
import { watch } from './watch.ts';

/** So many deployments are described where nobody asks for the history. */
const FEW = 10;

/** The command `status`: prints what is seen, in the form that is asked for. */
export async function status(
  names: string[],
  options: { environmentsPath?: string; history?: boolean; watch?: boolean; json?: boolean; html?: string },
): Promise<void> {
  const folder = findFolder(options.environmentsPath);
  assertKnown(folder, names);
  const wanted = names.length > 0 ? names : environmentsIn(folder);
  const environments = await Promise.all(wanted.map((name) => readEnvironment(folder, name)));
  const most = options.history || options.html ? Infinity : FEW;
  const looks = environments.map((environment) => {
    const client = ecsClient(environment);
    return () => look(client, environment, most);
  });
  if (options.watch) return follow(looks);

  const { statuses, failures } = await settle(looks);
  // A page that was written before is worth more than one of nothing.
  if (options.html && statuses.length > 0) {
    const { writePage } = await import('./page.ts');
    await writePage(options.html, statuses);
  } else if (options.json) {
    print(JSON.stringify(statuses, null, 2));
  } else if (statuses.length > 0) {
    print((options.history ? historyText : statusText)(statuses));
  }
  // One environment that cannot be read says nothing about the others.
  for (const failure of failures) note(`error: ${failure.message}`);
  if (failures.length > 0) throw new ExitError(1);
}

async function settle(looks: (() => Promise<Status>)[]) {
  const answers = await Promise.allSettled(looks.map((one) => one()));
  return {
    statuses: answers.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
    failures: answers.flatMap((one) => (one.status === 'rejected' ? (one.reason as Error) : [])),
  };
}

/** What has ended before is not meant: the rollout in flight is, or the next one. */
async function follow(looks: (() => Promise<Status>)[]): Promise<void> {
  const first = await Promise.all(looks.map((one) => one()));
  const ended = new Set(
    first.flatMap(({ environment, rollouts }) =>
      rollouts
        .filter(({ outcome }) => outcome !== 'in-flight')
        .map(({ release }) => `${environment} ${release}`),
    ),
  );
  if (first.every(({ rollouts }) => rollouts.every(({ outcome }) => outcome !== 'in-flight'))) {
    note('Nothing is in flight; waiting for the next rollout. Ctrl-C ends this.');
  }
  const end = await watch(
    looks,
    ({ release }, { environment }) => !ended.has(`${environment} ${release}`),
    (seen, rollout) => print(changeText(seen, rollout)),
  );
  if (end?.outcome !== 'completed') throw new ExitError(1);
}
