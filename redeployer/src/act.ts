import type { Aws } from './aws.ts';
import { CommitNotInRegistryError, OvertakenError, SharedImageError } from './errors.ts';
import { commandOutcome } from './command-outcome.ts';
import {
  type Choice,
  commandFamily,
  type Decision,
  type Image,
  type Outcome,
  type ServedService,
} from './model.ts';
import type { Observed } from './observe.ts';
import { releaseArn, startedByOf } from './observe-tasks.ts';
import {
  type Definition,
  deployTaskDefinition,
  describeTaskDefinition,
  registerTaskDefinition,
  tagTaskDefinition,
} from './ports/ecs.ts';
import { runTask, stopTask } from './ports/tasks.ts';
import { END_TAG, type Memory, numberOf, releaseInput, templateName } from './release.ts';

/**
 * Carries a decision out. A crash between the calls of a release leaves a revision that was never deployed, which
 * the next decisions bring on.
 * @param tell publishes an outcome.
 * @throws CommitNotInRegistryError or SharedImageError for a refusal.
 * @throws OvertakenError when another release was registered since the look; else see `call`.
 */
export async function act(
  aws: Aws,
  served: ServedService,
  observed: Observed,
  decision: Decision,
  tell: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  const { clients, signal } = aws;
  const { template, commandTemplate, newest, running } = observed;
  const newestTemplate = templateName(template);
  switch (decision.action) {
    case 'nothing':
      return;
    case 'refuse': {
      const { commit, others, problem } = decision;
      if (problem === 'shared image') throw new SharedImageError(commit, others);
      throw new CommitNotInRegistryError(served.repository, commit, others);
    }
    case 'deploy':
      return deploy(aws, served, observed, decision.release.deployed);
    case 'run': {
      const { release } = decision;
      return run(aws, served, observed, release.deployed, release, release);
    }
    case 'release': {
      const { choice, image, commandEnd, next } = decision;
      const memory = {
        choice,
        template: newestTemplate,
        commandTemplate: commandTemplate && templateName(commandTemplate),
        commandEnd,
      };
      const arn = await register(aws, served, observed, template, image, memory);
      if (next === 'deploy') return deploy(aws, served, observed, arn);
      return next === 'run' ? run(aws, served, observed, arn, image, choice) : undefined;
    }
    case 'stop': {
      const { timeoutSeconds } = served.releaseCommand ?? {};
      const reason = `The release command took longer than ${timeoutSeconds} seconds`;
      return stopTask(clients.ecs, served, decision.task.arn, reason, signal);
    }
    case 'conclude': {
      const { end, release, task } = decision;
      // Told before it is kept: after a crash between the two it is told twice, and not never.
      if (end === 'failed') await tell(await commandOutcome(aws, served, release, task));
      // The one that it was started for comes last: once that has its end, nothing looks for it again.
      for (const arn of new Set([release.deployed, release.arn, releaseArn(release, task)])) {
        await tagTaskDefinition(clients.ecs, arn, { key: END_TAG, value: end }, signal);
      }
      return;
    }
    case 'restart': {
      // As it is: the newest template may be what failed.
      const { choice, release } = decision;
      const kept = newest?.release;
      const memory = {
        choice,
        template: kept?.template ?? newestTemplate,
        restarts: release.arn,
        commandTemplate: kept?.commandTemplate,
        commandEnd: kept?.commandTemplate === release.commandTemplate ? release.commandEnd : undefined,
      };
      const source = running?.definition ?? template;
      const arn = await register(aws, served, observed, source, release, memory);
      return decision.next === 'deploy' ? deploy(aws, served, observed, arn) : undefined;
    }
    default: {
      const { choice, release } = decision;
      const isRestart = choice.restartAt > release.restartAt;
      const memory = {
        choice,
        template: release.template,
        deployed: release.deployed,
        restarts: isRestart ? undefined : release.restarts,
        commandTemplate: release.commandTemplate,
        commandEnd: release.commandEnd,
      };
      await register(aws, served, observed, newest?.definition ?? template, release, memory);
    }
  }
}

/**
 * @returns the ARN of the new revision.
 * @throws OvertakenError when it does not directly follow the newest that was seen: its decision is out of
 * date, and the tag `follows` keeps it from ever counting.
 */
async function register(
  { clients, signal }: Aws,
  served: ServedService,
  { highest }: Observed,
  source: Definition,
  image: Omit<Image, 'pushedAt'>,
  memory: Omit<Memory, 'follows'>,
): Promise<string> {
  const input = releaseInput(served, served.service, source, image, { ...memory, follows: highest });
  const arn = await registerTaskDefinition(clients.ecsWriter, input, source.unknown, signal);
  if (numberOf(arn) !== highest + 1) {
    throw new OvertakenError(
      `${arn} was registered, but release ${highest} was the newest that was looked at`,
    );
  }
  return arn;
}

async function deploy(
  { clients, signal }: Aws,
  served: ServedService,
  { service, seen }: Observed,
  arn: string,
): Promise<void> {
  const never = seen.running === undefined;
  const starts = never && (service.desiredCount ?? 0) < served.minimumTasks;
  const desiredCount = starts ? served.minimumTasks : undefined;
  return deployTaskDefinition(clients.ecsWriter, served, arn, desiredCount, signal);
}

/**
 * Starts the release command of a release, which nothing starts twice for as long as ECS remembers it.
 * @param release the ARN of the revision that is deployed once it has succeeded.
 * @throws OvertakenError when it is not the newest any more.
 */
async function run(
  { clients, signal }: Aws,
  served: ServedService,
  { commandTemplate, highest }: Observed,
  release: string,
  image: Omit<Image, 'pushedAt'>,
  choice: Choice,
): Promise<void> {
  const { releaseCommand } = served;
  if (!releaseCommand || !commandTemplate) throw new Error(`${served.service} has no release command`);
  const memory = { choice, template: templateName(commandTemplate) };
  const input = releaseInput(served, commandFamily(served), commandTemplate, image, memory);
  const arn = await registerTaskDefinition(clients.ecsWriter, input, commandTemplate.unknown, signal);
  // Another run may have registered a release since the look, and have started that one's command.
  const newest = await describeTaskDefinition(clients.ecs, served.service, signal);
  if ((newest?.definition.revision ?? 0) > Math.max(highest, numberOf(release))) {
    throw new OvertakenError(`A newer release than ${release} was registered, whose release command may run`);
  }
  const started = { startedBy: startedByOf(numberOf(release)), once: release };
  await runTask(clients.ecs, served, releaseCommand, arn, started, signal);
}
