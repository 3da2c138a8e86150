import type { Aws } from './aws.ts';
import { CommitNotInRegistryError, OvertakenError, SharedImageError } from './errors.ts';
import type { Decision, Image, ServedService } from './model.ts';
import type { Observed } from './observe.ts';
import { type Definition, deployTaskDefinition, registerTaskDefinition } from './ports/ecs.ts';
import { type Memory, numberOf, releaseInput, templateName } from './release.ts';

/**
 * Carries a decision out. A crash between the two calls of a release leaves a revision that was never
 * deployed, which the next decision deploys.
 * @throws CommitNotInRegistryError or SharedImageError for a refusal.
 * @throws OvertakenError when another release was registered since the look; else see `call`.
 */
export async function act(
  aws: Aws,
  served: ServedService,
  observed: Observed,
  decision: Decision,
): Promise<void> {
  const { template, newest, running } = observed;
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
      return deploy(aws, served, observed, decision.release.arn);
    case 'release': {
      const memory = { choice: decision.choice, template: newestTemplate };
      return deploy(
        aws,
        served,
        observed,
        await register(aws, served, observed, template, decision.image, memory),
      );
    }
    case 'restart': {
      // As it is: the newest template may be what failed.
      const { choice, release } = decision;
      const memory = { choice, template: newest?.release.template ?? newestTemplate, restarts: release.arn };
      const source = running?.definition ?? template;
      return deploy(aws, served, observed, await register(aws, served, observed, source, release, memory));
    }
    default: {
      const { choice, release } = decision;
      const isRestart = choice.restartAt > release.restartAt;
      const { template: made, deployed, restarts } = release;
      const memory = { choice, template: made, deployed, ...(isRestart || !restarts ? {} : { restarts }) };
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
  const input = releaseInput(served, source, image, { ...memory, follows: highest });
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
