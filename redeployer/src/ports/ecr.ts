import { DescribeImagesCommand, type ECRClient, type ImageDetail } from '@aws-sdk/client-ecr';
import { COMMIT, type Image } from '../model.ts';
import { call } from './calls.ts';

/**
 * Lists every image of a repository that carries a commit as a tag, whatever else it carries.
 * @param signal ends the retries when the function's time is over.
 * @throws MissingResourceError when there is no such repository; else see `call`.
 */
export async function listImages(
  client: ECRClient,
  repository: string,
  signal: AbortSignal,
): Promise<Image[]> {
  const region = await client.config.region();
  const images: Image[] = [];
  let nextToken: string | undefined;
  do {
    const command = new DescribeImagesCommand({
      repositoryName: repository,
      filter: { tagStatus: 'TAGGED' },
      maxResults: 1000,
      nextToken,
    });
    const page = await call(
      { action: 'ecr:DescribeImages', resource: `repository ${repository}` },
      signal,
      (options) => client.send(command, options),
    );
    images.push(...(page.imageDetails ?? []).flatMap((detail) => imagesOf(detail, repository, region)));
    nextToken = page.nextToken;
  } while (nextToken);
  return images;
}

function imagesOf(detail: ImageDetail, repository: string, region: string): Image[] {
  const { registryId, imageDigest: digest, imagePushedAt, imageTags = [], imageStatus } = detail;
  // An archived image is listed but cannot be pulled.
  if (!registryId || !digest || !imagePushedAt || imageStatus === 'ARCHIVED') return [];
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const uri = `${registryId}.dkr.ecr.${region}.${domain}/${repository}@${digest}`;
  return imageTags
    .filter((tag) => COMMIT.test(tag))
    .map((commit) => ({ commit, digest, uri, pushedAt: imagePushedAt.getTime() }));
}
