import path from 'node:path';
import { CommandFailed } from '../stage/commands.ts';
import { readOutputs } from '@slipway/test-helpers/github-output';
import type { Image } from '../stage/registry.ts';
import { ROOT } from '@slipway/test-helpers/root';
import type { Stage } from '../stage/stage.ts';

const ACTIONS = path.join(ROOT, '.github/actions');

/** What the pipeline's last step says. */
export interface Verdict {
  outcome: string;
  reason: string;
}

/** Pushes an image under its commit. @returns when, in seconds since 1970, as the registry noted it */
export async function push(stage: Stage, name: string): Promise<number> {
  const image = stage.image(name);
  await stage.get('registry').push(image, image.commit);
  stage.timeline.tell('step', `push of ${name}`);
  const { repository } = stage.get('outputs').service;
  const { imageDetails } = await stage.aws.call<{ imageDetails: { imagePushedAt: string | number }[] }>(
    'ecr',
    'describe-images',
    '--repository-name',
    repository,
    '--image-ids',
    `imageTag=${image.commit}`,
  );
  const pushedAt = imageDetails[0]?.imagePushedAt ?? 0;
  return typeof pushedAt === 'number' ? pushedAt : Date.parse(pushedAt) / 1000;
}

/** Waits as the pipeline does, with its own script. @param since seconds since 1970: of the push, or of the request */
export async function waitForRollout(stage: Stage, { digest }: Image, since: number): Promise<Verdict> {
  const { name, cluster } = stage.get('outputs').service;
  const outputs = path.join(stage.workspace.folder, `rollout-${digest.slice(-8)}-${since}.outputs`);
  try {
    await stage.commands.run('wait-for-rollout', path.join(ACTIONS, 'wait-for-rollout/wait.sh'), [], {
      env: {
        ...stage.aws.env,
        CLUSTER: cluster,
        SERVICE: name,
        DIGEST: digest,
        SINCE: String(since),
        TIMEOUT_SECONDS: '600',
        POLL_SECONDS: '3',
        GITHUB_OUTPUT: outputs,
      },
    });
  } catch (error) {
    if (!(error instanceof CommandFailed)) {
      throw error;
    }
    const { outcome, reason } = await readOutputs(outputs);
    if (outcome === undefined || reason === undefined) {
      throw error;
    }
    return { outcome, reason };
  }
  const { outcome = '', reason = '' } = await readOutputs(outputs);
  return { outcome, reason };
}

/** As waitForRollout. @throws {Error} unless the image is what runs */
export async function expectRollout(stage: Stage, image: Image, since: number): Promise<void> {
  const { outcome, reason } = await waitForRollout(stage, image, since);
  if (outcome !== 'completed') {
    throw new Error(`wait-for-rollout says ${outcome}: ${reason}`);
  }
}

/** Asks for a release with the pipeline's own script. @returns when, in seconds since 1970 */
export async function requestRelease(stage: Stage, { commit }: Image): Promise<number> {
  const { name, repository } = stage.get('outputs').service;
  const outputs = path.join(stage.workspace.folder, 'request.outputs');
  stage.timeline.tell('step', `release of ${commit.slice(0, 7)} requested`);
  await stage.commands.run('request-release', path.join(ACTIONS, 'request-release/request.sh'), [], {
    env: { ...stage.aws.env, COMMIT: commit, REPOSITORY: repository, SERVICE: name, GITHUB_OUTPUT: outputs },
  });
  return Number((await readOutputs(outputs))['requested-at']);
}

/** An outcome that the redeployer published. */
interface Outcome {
  commit: string;
  outcome: string;
  reason: string;
}

/** Waits until the redeployer has published this outcome of a commit. */
export async function expectOutcome(stage: Stage, { commit }: Image, outcome: string): Promise<Outcome> {
  const topic = stage.get('outputs').redeployer.outcome_topic_arn;
  return stage.until(`${outcome} of ${commit.slice(0, 7)} is published`, 60, async () => {
    const { publishes } = await stage.emulator.control<{ publishes: { message: string }[] }>(
      `publishes?topic=${topic}`,
    );
    const outcomes = publishes.map(({ message }) => JSON.parse(message) as Outcome);
    return outcomes.find((one) => one.commit === commit && one.outcome === outcome) ?? false;
  });
}

/** Which commits the tasks that a client reaches belong to. */
export function commitsThatRun(stage: Stage): string[] {
  return [...new Set(stage.get('scheduler').healthy.map(({ commit }) => commit))];
}
