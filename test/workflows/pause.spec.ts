import { expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { fakePrograms } from './support/fake-programs.ts';
import { describeScripts, runScript } from './support/script.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const service = {
  services: [
    {
      status: 'ACTIVE',
      events: [],
      deployments: [
        { status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: 'ledger:6', runningCount: 0 },
      ],
      tags: [{ key: 'paused', value: 'true' }],
    },
  ],
};
const definition = (digest: string) => ({
  taskDefinition: { family: 'ledger', containerDefinitions: [{ name: 'api', image: `ledger@${digest}` }] },
  tags: [{ key: 'released-at', value: '2027-01-15T08:00:01.250Z' }],
});

/** The AWS CLI where DIGEST was registered in a pause. ECS shows the tags of a service only where it is asked for them. */
const aws = `case "$*" in
  'ecs describe-services '*'--include TAGS'*) echo '${JSON.stringify(service)}' ;;
  *'--task-definition ledger:6 '*) echo '${JSON.stringify(definition(`sha256:${'b'.repeat(64)}`))}' ;;
  'ecs describe-task-definition '*) echo '${JSON.stringify(definition(DIGEST))}' ;;
  'ecs list-service-deployments '*) echo '{"serviceDeployments":[]}' ;;
esac`;

describeScripts('a push in a pause', () => {
  it('ends with an outcome that claims nothing, neither red nor completed', async () => {
    const folder = await fakePrograms({ aws });

    const { code, said, outputs } = await runScript('wait-for-rollout/wait.sh', {
      PATH: `${folder}:${process.env['PATH']}`,
      GITHUB_ACTIONS: 'true',
      CLUSTER: 'ledger',
      SERVICE: 'ledger',
      DIGEST,
      SINCE: '1800000000',
    });
    await rm(folder, { recursive: true });

    expect([code, outputs['outcome']]).toEqual([0, 'paused']);
    expect(said).toContain('::notice::paused: The service is paused.');
  });
});
