import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ofKit } from '../kit.ts';
import { type Ask, orNothing } from './ask.ts';
import type { Subject } from './account.ts';
import { check, type Finding, ok, type Said, wrong } from './finding.ts';

const run = promisify(execFile);

/** What runs, or is about to: the newest image, and what the redeployer could not do. */
export async function examineService(
  subject: Subject,
  aws: Ask,
  variables: Record<string, string>,
): Promise<Finding[]> {
  const { name } = subject.environment;
  return Promise.all([
    check(name, 'newest image', () => newestImage(subject, aws, variables)),
    check(name, 'dead-letter queue', () => deadLetters(subject, aws)),
  ]);
}

interface Images {
  imageDetails: { imageTags?: string[]; imagePushedAt: string; imageDigest: string }[];
}

/** By the function that the workflows refuse an image with. */
async function newestImage(
  { environment }: Subject,
  aws: Ask,
  variables: Record<string, string>,
): Promise<Said> {
  const { repository, architecture, name } = environment;
  const answer = await orNothing(
    aws<Images>('ecr', 'describe-images', '--repository-name', repository, '--filter', 'tagStatus=TAGGED'),
    'RepositoryNotFoundException',
  );
  const tagged = (answer?.imageDetails ?? [])
    .toSorted((one, other) => Date.parse(other.imagePushedAt) - Date.parse(one.imagePushedAt))
    .flatMap(({ imageTags = [] }) => imageTags.filter((tag) => /^[0-9a-f]{40}$/.test(tag)));
  const [commit] = tagged;
  if (commit === undefined) return ok('no image was pushed yet');
  const { images } = await aws<{ images: { imageManifest: string }[] }>(
    'ecr',
    'batch-get-image',
    '--repository-name',
    repository,
    '--image-ids',
    `imageTag=${commit}`,
  );
  const script = '. "$1"; check_architecture "$2" "$3" "The image of $4" --repository-name "$5"';
  const args = [
    ofKit('.github/actions/shared.sh'),
    images[0]?.imageManifest ?? '{}',
    architecture,
    commit,
    repository,
  ];
  try {
    await run('bash', ['-c', script, 'bash', ...args], {
      env: { ...process.env, ...variables, GITHUB_ACTIONS: '' },
    });
    return ok(`that of ${commit.slice(0, 12)} is for ${architecture}`);
  } catch (error) {
    const said = ((error as { stderr?: string }).stderr ?? '').replace(/^error: /, '').trim();
    return wrong(
      said,
      `slipway init ${name} --yes --architecture ${architecture === 'ARM64' ? 'X86_64' : 'ARM64'} && slipway apply application --environment ${name}`,
    );
  }
}

async function deadLetters({ environment, prefix }: Subject, aws: Ask): Promise<Said> {
  const queue = `${prefix}-redeployer-dead-letters.fifo`;
  const found = await orNothing(
    aws<{ QueueUrl: string }>('sqs', 'get-queue-url', '--queue-name', queue),
    'QueueDoesNotExist',
    'NonExistentQueue',
  );
  if (!found) return ok('the layer application is not applied yet');
  const { Attributes: attributes } = await aws<{ Attributes: Record<string, string> }>(
    'sqs',
    'get-queue-attributes',
    '--queue-url',
    found.QueueUrl,
    '--attribute-names',
    'ApproximateNumberOfMessages',
    'QueueArn',
  );
  const count = Number(attributes['ApproximateNumberOfMessages']);
  return count === 0
    ? ok('it is empty')
    : wrong(
        `It holds ${count} messages that the redeployer tried in vain. Before they go back, docs/runbooks/redeployer-dead-letters.md of Slipway tells why each failed, and which to delete.`,
        `aws sqs start-message-move-task --region ${environment.region} --source-arn ${attributes['QueueArn']}`,
      );
}
