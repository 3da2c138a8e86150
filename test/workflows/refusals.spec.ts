import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fakePrograms } from './support/fake-programs.ts';
import { describeScripts, runScript } from './support/script.ts';

const COMMIT = 'c'.repeat(40);
const NEWER = 'd'.repeat(40);
const OLDER = 'b'.repeat(40);
const DIGEST = `sha256:${'a'.repeat(64)}`;
const ACCOUNT = '111111111111';
const BLOB = 'https://bucket.example.com/blob?signature=secret';

let folder: string | undefined;
afterEach(async () => {
  if (folder) await rm(folder, { recursive: true });
  folder = undefined;
});

/** Runs a script with these programs in place of the real ones. */
async function play(script: string, programs: Record<string, string>, environment: Record<string, string>) {
  folder = await fakePrograms(programs);
  const said = await runScript(script, { ...environment, PATH: `${folder}:${process.env['PATH']}` });
  const calls = path.join(folder, 'calls');
  return { ...said, calls: existsSync(calls) ? await readFile(calls, 'utf8') : '' };
}

const answered = (manifest: object) =>
  JSON.stringify({ images: [{ imageId: { imageDigest: DIGEST }, imageManifest: JSON.stringify(manifest) }] });
const index = (...architectures: string[]) =>
  answered({
    manifests: [...architectures, 'unknown'].map((architecture) => ({ platform: { architecture } })),
  });
const plain = answered({ config: { digest: DIGEST } });

/** The AWS CLI of an account with one repository. @param pushed commits with an image, the last one pushed last */
const aws = (pushed: string[], image = index('arm64')) => `case "$1 $2" in
  'ecr batch-get-image') echo '${image}' ;;
  'ecr get-download-url-for-layer') [[ "$*" == *'--layer-digest ${DIGEST}'* ]] && echo '{"downloadUrl":"${BLOB}"}' ;;
  'ecr describe-repositories')
    echo '{"repositories":[{"imageTagMutability":"IMMUTABLE","repositoryUri":"${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/ledger"}]}' ;;
  'ecr describe-images')
    case "$*" in
      *imageTag=${COMMIT}*) ${
        pushed.includes(COMMIT)
          ? `echo '{"imageDetails":[{"imageDigest":"${DIGEST}","imagePushedAt":1}]}'`
          : `echo 'An error occurred (ImageNotFoundException)' >&2; exit 254`
      } ;;
      *) echo '${JSON.stringify({ imageDetails: pushed.map((tag, at) => ({ imageTags: [tag], imagePushedAt: at })) })}' ;;
    esac ;;
  'events put-events') echo '{"FailedEntryCount":0}' ;;
esac`;

/** What is served at the address of a plain image's configuration. */
const served = (config: string) => `[[ $(cat) == 'url = "${BLOB}"' ]] && ${config}`;
const of = (architecture: string) => `echo '{"architecture":"${architecture}","config":{}}'`;

describeScripts('an image for another processor than the environment has', () => {
  const copy = {
    COMMIT,
    SOURCE_ACCOUNT_ID: ACCOUNT,
    SOURCE_REGION: 'eu-west-1',
    SOURCE_REPOSITORY: 'ledger-staging',
    ACCOUNT_ID: ACCOUNT,
    AWS_REGION: 'eu-west-1',
    REPOSITORY: 'ledger-live',
    ARCHITECTURE: 'X86_64',
  };
  const request = { COMMIT, REPOSITORY: 'ledger-live', SERVICE: 'ledger-live', ARCHITECTURE: 'X86_64' };

  it.each([
    [
      'an index for another one',
      index('arm64'),
      '',
      'is built for arm64, but the environment runs X86_64 (amd64)',
    ],
    [
      'a plain image for another one',
      plain,
      of('arm64'),
      'is built for arm64, but the environment runs X86_64',
    ],
    [
      'a plain image that does not say',
      plain,
      "echo '{}'",
      'does not say which architecture it is built for',
    ],
    ['no image at all', answered({ manifests: [] }), '', 'does not say which architecture it is built for'],
    ['a configuration that cannot be read', plain, 'exit 22', 'could not be read; the lines above say why'],
  ])('is neither promoted nor released: %s', async (_, image, config, sentence) => {
    const promoted = await play('copy-image/look.sh', { aws: aws([], image), curl: served(config) }, copy);
    expect([promoted.code, promoted.outputs]).toEqual([1, {}]);
    expect(promoted.said).toContain(sentence);
    await rm(folder ?? '', { recursive: true });

    const programs = { aws: aws([COMMIT], image), curl: served(config) };
    const released = await play('request-release/request.sh', programs, request);
    expect(released.code).toBe(1);
    expect(released.said).toContain(sentence);
    expect(released.calls).not.toContain('put-events');
  });

  it.each([
    ['an index for both', index('amd64', 'arm64'), ''],
    ['a plain image for this one', plain, of('amd64')],
  ])('is not %s', async (_, image, config) => {
    const programs = { aws: aws([COMMIT], image), curl: served(config) };
    const promoted = await play('copy-image/look.sh', programs, copy);
    expect([promoted.code, promoted.said, promoted.outputs['digest']]).toEqual([0, '', DIGEST]);
    await rm(folder ?? '', { recursive: true });
    const { calls } = await play('request-release/request.sh', programs, request);
    expect(calls).toContain('put-events');
    expect(calls).not.toContain('secret');
  });
});

/** GitHub's comparison of this commit with each other. */
const gh = (answers: Record<string, string>) =>
  `case "$2" in ${Object.entries(answers)
    .map(([commit, answer]) => `*...${commit}) ${answer} ;;`)
    .join('\n')} esac`;

describeScripts('a commit that the branch has passed', () => {
  const build = {
    REPOSITORY: 'ledger',
    ACCOUNT_ID: ACCOUNT,
    ARCHITECTURE: 'ARM64',
    RUNNER_ARCH: 'ARM64',
    CONTEXT: '.',
    // A file that is there.
    DOCKERFILE: 'outputs',
    GITHUB_SHA: COMMIT,
    GH_REPO: 'acme/ledger',
    GH_TOKEN: 'token',
  };
  const git = `case "$*" in *rev-parse*) echo ${COMMIT} ;; *) echo 1 ;; esac`;
  const look = (pushed: string[], answers: Record<string, string>) =>
    play('build-image/look.sh', { aws: aws(pushed), gh: gh(answers), git }, build);

  it('is not built', async () => {
    const { code, said, outputs } = await look([OLDER, NEWER], {
      [OLDER]: 'echo behind',
      [NEWER]: 'echo ahead',
    });
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ outcome: 'superseded' });
    expect(said).toContain(`superseded: The branch has passed this commit: ${NEWER}`);
  });

  it.each<[string, string[], Record<string, string>, string]>([
    ['older ones are there', [OLDER], { [OLDER]: 'echo behind' }, 'false'],
    ['another branch was pushed', [NEWER], { [NEWER]: 'echo diverged' }, 'false'],
    [
      'GitHub does not know the other',
      [NEWER],
      { [NEWER]: 'echo "gh: Not Found (HTTP 404)" >&2; exit 1' },
      'false',
    ],
    ['its own is there', [COMMIT, NEWER], { [NEWER]: 'echo ahead' }, 'true'],
  ])('is another one when %s', async (_, pushed, answers, existing) => {
    const { code, said, outputs } = await look(pushed, answers);
    expect([code, said, outputs['existing']]).toEqual([0, expect.any(String), existing]);
  });

  it('is not guessed when GitHub cannot be asked', async () => {
    const { code, said } = await look([NEWER], { [NEWER]: 'echo "gh: HTTP 502" >&2; exit 1' });
    expect(code).toBe(1);
    expect(said).toContain('It could not be found out whether a later commit has an image already');
  });
});

describeScripts('an approval', () => {
  const PLAN = `7-1:${'a'.repeat(64)}`;
  const given = {
    COMMAND: 'apply',
    ENVIRONMENT: 'live',
    LAYER: 'security',
    CHANGES: 'true',
    PLAN,
    GH_REPO: 'a/b',
    GH_TOKEN: 't',
  };
  const check = (answer: string, more: Record<string, string> = {}) =>
    play('check-approval/check.sh', { gh: answer }, { ...given, ...more });

  it('by reviewers lets the run carry its plan out', async () => {
    const { code, outputs, calls } = await check('echo 2');
    expect([code, outputs]).toEqual([0, { plan: PLAN, 'carry-out': 'true' }]);
    expect(calls).toContain('gh api repos/a/b/environments/live ');
  });

  it.each([
    ['has no reviewers', 'echo 0'],
    ['is not there', 'echo "gh: Not Found (HTTP 404)" >&2; exit 1'],
    ['cannot be asked about', 'exit 4'],
    ['answers nonsense', 'echo "<html>"'],
  ])('of an environment that %s takes a second run', async (_, answer) => {
    const { code, said, outputs } = await check(answer);
    expect([code, outputs]).toEqual([1, { plan: PLAN, 'carry-out': 'false' }]);
    expect(said).toContain(`run again with the command apply, the layer security and the plan ${PLAN}`);
  });

  it('is not asked for where nothing changes, or a plan is all that was wanted', async () => {
    for (const more of [{ CHANGES: 'false' }, { COMMAND: 'plan' }] as Record<string, string>[]) {
      const { code, outputs, calls } = await check('exit 4', more);
      expect([code, outputs['carry-out'], calls]).toEqual([0, 'false', '']);
      await rm(folder ?? '', { recursive: true });
    }
    folder = undefined;
  });

  it('is the second run itself', async () => {
    const { code, outputs } = await check('exit 4', { KEPT_PLAN: PLAN, CHANGES: '', PLAN: '' });
    expect([code, outputs]).toEqual([0, { plan: PLAN, 'carry-out': 'true' }]);
  });

  it.each([
    [{ KEPT_PLAN: PLAN, COMMAND: 'plan' }, 'A kept plan goes with the command apply'],
    [{ KEPT_PLAN: '7-1' }, 'kept-plan has to be'],
  ])('refuses %j', async (more, sentence) => {
    const { code, said } = await check('echo 2', more);
    expect([code, said]).toEqual([1, expect.stringContaining(sentence)]);
  });
});

const find = (deployment: object, definition: object) =>
  play(
    'find-running/find.sh',
    {
      aws: `case "$2" in
        describe-services) echo '${JSON.stringify({ services: [{ deployments: [{ status: 'PRIMARY', taskDefinition: 'x', desiredCount: 2, ...deployment }] }] })}' ;;
        describe-task-definition) echo '${JSON.stringify(definition)}' ;;
      esac`,
    },
    { CLUSTER: 'ledger-staging', SERVICE: 'ledger-staging' },
  );

describeScripts('what an environment runs', () => {
  const released = {
    taskDefinition: { containerDefinitions: [{ image: `registry/ledger@${DIGEST}` }] },
    tags: [{ key: 'commit', value: COMMIT }],
  };

  it('is the commit whose rollout has completed', async () => {
    const { outputs } = await find({ rolloutState: 'COMPLETED', runningCount: 2 }, released);
    expect(outputs).toEqual({ commit: COMMIT, digest: DIGEST });
  });

  it.each<[string, object, object, string]>([
    [
      'in the middle of a rollout',
      { rolloutState: 'IN_PROGRESS', runningCount: 1 },
      released,
      'IN_PROGRESS, and 1 of 2',
    ],
    ['without a task', { rolloutState: 'COMPLETED', runningCount: 0 }, released, '0 of 2 tasks run'],
    [
      'without a release',
      { rolloutState: 'COMPLETED', runningCount: 1 },
      { ...released, tags: [] },
      'runs nothing that the redeployer released',
    ],
  ])('is not known %s', async (_, deployment, definition, sentence) => {
    const { code, said, outputs } = await find(deployment, definition);
    expect([code, said, outputs]).toEqual([1, expect.stringContaining(sentence), {}]);
  });
});

const tell = (WEBHOOK: string, curl = 'cat >"$(dirname "$0")/stdin"') =>
  play(
    'notify/notify.sh',
    { curl },
    {
      WEBHOOK,
      ENVIRONMENT: 'live',
      OUTCOME: 'rolled-back',
      REASON: 'a "reason"',
      RUN: 'https://run',
      GITHUB_ACTIONS: 'true',
    },
  );

describe('a web hook', () => {
  it('is told, and its address stays out of arguments and logs', async () => {
    const { code, said, calls } = await tell('https://hooks.example.com/T0/secret');
    expect([code, said]).toEqual([0, '']);
    expect(calls).toContain(String.raw`{"text":"live: rolled-back. a \"reason\"\nhttps://run"}`);
    expect(calls).not.toContain('secret');
    expect(await readFile(path.join(folder ?? '', 'stdin'), 'utf8')).toBe(
      'url = "https://hooks.example.com/T0/secret"\n',
    );
  });

  it.each([
    ['not-an-address-but-secret', 'cat'],
    ['https://hooks.example.com/secret"\noutput = "x', 'cat'],
    ['https://hooks.example.com/secret', 'echo secret >&2; exit 22'],
  ])('that cannot be told is not shown either: %j', async (address, curl) => {
    const { code, said } = await tell(address, curl);
    expect(code).toBe(1);
    expect(said).toContain('not shown');
    expect(said).not.toContain('secret');
  });

  it('is left alone where there is none', async () => {
    expect(await tell('')).toMatchObject({ code: 0, calls: '' });
  });
});
