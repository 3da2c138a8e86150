import type { Aws } from './aws.ts';
import { CommitNotInRegistryError } from './errors.ts';
import type { Decision, ServedService } from './model.ts';
import type { Observed } from './observe.ts';
import { deployTaskDefinition, registerTaskDefinition, tagTaskDefinition } from './ports/ecs.ts';
import { choiceTags, releaseInput, toTags } from './release.ts';

/**
 * Carries a decision out. A crash between the two calls of a release leaves a revision that was never
 * deployed, which the next decision deploys.
 * @throws CommitNotInRegistryError for a refusal; else see `call`.
 */
export async function act(
  { clients, signal }: Aws,
  served: ServedService,
  { template, service, seen }: Observed,
  decision: Decision,
): Promise<void> {
  const deploy = (arn: string): Promise<void> => {
    const never = seen.running === undefined;
    const starts = never && (service.desiredCount ?? 0) < served.minimumTasks;
    const desiredCount = starts ? served.minimumTasks : undefined;
    return deployTaskDefinition(clients.ecsWriter, served, arn, desiredCount, signal);
  };
  switch (decision.action) {
    case 'nothing':
      return;
    case 'refuse':
      throw new CommitNotInRegistryError(served.repository, decision.commit, decision.available);
    case 'record': {
      const tags = toTags(choiceTags('requested', decision.releasedAt));
      return tagTaskDefinition(clients.ecs, decision.release.arn, tags, signal);
    }
    case 'release': {
      const { image, cause, releasedAt } = decision;
      const input = releaseInput(served, template, image, cause, releasedAt);
      return deploy(await registerTaskDefinition(clients.ecsWriter, input, signal));
    }
    default:
      return deploy(decision.release.arn);
  }
}
