import type { Image } from '../stage/registry.ts';
import type { Outcome, Stage } from '../stage/stage.ts';

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

/** Waits as the pipeline does. @param since seconds since 1970: of the push, or of the request @throws {Error} unless the image is what runs */
export async function expectRollout(stage: Stage, image: Image, since: number): Promise<void> {
  const { outcome, reason } = await stage.pipeline.waitForRollout(stage, image, since);
  if (outcome !== 'completed') {
    throw new Error(`wait-for-rollout says ${outcome}: ${reason}`);
  }
}

/** Asks for a release as the pipeline does. @returns when, in seconds since 1970 */
export function requestRelease(stage: Stage, image: Image): Promise<number> {
  stage.timeline.tell('step', `release of ${image.commit.slice(0, 7)} requested`);
  return stage.pipeline.requestRelease(stage, image);
}

/** Waits until the redeployer has published this outcome of a commit. */
export async function expectOutcome(stage: Stage, { commit }: Image, outcome: string): Promise<Outcome> {
  return stage.until(`${outcome} of ${commit.slice(0, 7)} is published`, 60, async () => {
    const outcomes = await stage.outcomes();
    return outcomes.find((one) => one.commit === commit && one.outcome === outcome) ?? false;
  });
}

/** Which commits the tasks that a client reaches belong to. */
export function commitsThatRun(stage: Stage): string[] {
  return [...new Set(stage.get('scheduler').healthy.map(({ commit }) => commit))];
}

/** Which deployment the service is at, and which tasks it has. */
export async function picture(stage: Stage): Promise<string> {
  const { deployments } = await stage.service();
  const tasks = stage.get('scheduler').current.map(({ id }) => id);
  return JSON.stringify([
    deployments.map(({ id, taskDefinition }) => [id, taskDefinition]),
    tasks.toSorted(),
  ]);
}
