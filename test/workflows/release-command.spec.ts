import { expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { fakePrograms } from './support/fake-programs.ts';
import { describeScripts, runScript } from './support/script.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const DEFINITION = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/ledger-release-command:7';

const log = { 'awslogs-group': '/ledger', 'awslogs-stream-prefix': 'release-command' };
const definition = (digest: string) => ({
  taskDefinition: {
    taskDefinitionArn: DEFINITION,
    family: 'ledger',
    tags: [],
    containerDefinitions: [{ name: 'api', image: `ledger@${digest}`, logConfiguration: { options: log } }],
  },
  tags: [
    { key: 'released-at', value: '2027-01-15T08:00:01.250Z' },
    { key: 'release-command', value: 'failed' },
  ],
});
const older = `sha256:${'b'.repeat(64)}`;
const service = {
  services: [
    {
      status: 'ACTIVE',
      events: [],
      deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: 'ledger:6' }],
    },
  ],
};
const task = (id: string, createdAt: string, taskDefinitionArn = DEFINITION) => ({
  taskArn: `arn:task/ledger/${id}`,
  taskDefinitionArn,
  createdAt,
  stoppedReason: 'Essential container\nin task exited',
});
const tasks = [
  task('old', '2027-01-15T08:00:02Z'),
  task('ours', '2027-01-15T08:00:03Z'),
  task('theirs', '2027-01-15T08:00:04Z', `${DEFINITION}1`),
];

/** The AWS CLI where the release command of DIGEST has failed. @param events what its log answers with */
const aws = (events: string) => `case "$*" in
  'ecs describe-services '*) echo '${JSON.stringify(service)}' ;;
  *'--task-definition ledger:6 '*) echo '${JSON.stringify(definition(older))}' ;;
  'ecs describe-task-definition '*) echo '${JSON.stringify(definition(DIGEST))}' ;;
  'ecs list-service-deployments '*) echo '{"serviceDeployments":[]}' ;;
  'ecs list-tasks '*) echo '{"taskArns":["arn:task/ledger/ours"]}' ;;
  'ecs describe-tasks '*) echo '${JSON.stringify({ tasks })}' ;;
  *'--log-group-name /ledger --log-stream-name release-command/api/ours '*) ${events} ;;
esac`;

describeScripts('a release command that failed', () => {
  async function wait(events: string) {
    const folder = await fakePrograms({ aws: aws(events) });
    const said = await runScript('wait-for-rollout/wait.sh', {
      PATH: `${folder}:${process.env['PATH']}`,
      GITHUB_ACTIONS: 'true',
      CLUSTER: 'ledger',
      SERVICE: 'ledger',
      DIGEST,
      SINCE: '1800000000',
    });
    await rm(folder, { recursive: true });
    return said;
  }

  it('ends red, with what it wrote, in which no line is a workflow command', async () => {
    const message = String.raw`{"level":"error"}\n::set-output name=x::y`;

    const { code, said, outputs } = await wait(
      `echo '{"events":[{"message":"${message.replaceAll('"', String.raw`\"`)}"}]}'`,
    );

    expect([code, outputs['outcome']]).toEqual([1, 'release-command-failed']);
    expect(said.split('\n').slice(0, 3)).toEqual([
      'Release command | ECS: Essential container in task exited',
      'Release command | {"level":"error"}',
      'Release command | ::set-output name=x::y',
    ]);
    expect(said).toContain('::error::release-command-failed: Nothing was rolled out');
  });

  it('ends red all the same where its log may not be read', async () => {
    const { code, said, outputs } = await wait("echo 'AccessDeniedException' >&2; exit 254");

    expect([code, outputs['outcome']]).toEqual([1, 'release-command-failed']);
    expect(said).toContain('What the release command wrote could not be read here.');
  });
});
