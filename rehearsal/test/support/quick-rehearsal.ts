/**
 * A rehearsal without Terraform: the ECS service, the queue, the rules and the redeployer are made with AWS's own API in
 * seconds. Its arguments are the report's file and `fail`, which adds a step that fails. Not a test: tests start it.
 */
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { ACCOUNT, clientsOf, REGION } from '@slipway/test-helpers/emulator/aws';
import { buildWorld } from '../emulator/support/world.ts';
import { perform } from '../../perform.ts';
import { python } from '../../requirements.ts';
import { Database } from '../../stage/database.ts';
import { Registry } from '../../stage/registry.ts';
import { cast } from '../../steps/infrastructure.ts';
import { endLoad } from '../../steps/index.ts';
import { releases } from '../../steps/releases.ts';
import type { Step } from '../../steps/step.ts';

const NAME = 'slipway-test';
const postgres = {
  host: `${NAME}.abc.${REGION}.rds.amazonaws.com`,
  port: 5432,
  database: 'slipway',
  secret_arn: '',
};

const raise: Step = {
  title: 'make the service with the API',
  async run(stage) {
    const { url } = stage.emulator;
    const { secretArn } = await buildWorld(url);
    await clientsOf(url).ecs.send(
      new RegisterTaskDefinitionCommand({
        family: `${NAME}-template`,
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          {
            name: 'app',
            image: 'placeholder',
            environment: Object.entries({
              API_PORT: '3000',
              DB_HOST: postgres.host,
              DB_DATABASE: postgres.database,
              DB_SSLMODE: 'verify-full',
            }).map(([name, value]) => ({ name, value })),
            secrets: ['username', 'password'].map((key) => ({
              name: key === 'username' ? 'DB_USER' : 'DB_PASSWORD',
              valueFrom: `${secretArn}:${key}::`,
            })),
            healthCheck: {
              command: ['CMD', '/nodejs/bin/node', 'dist/health/probe.js'],
              interval: 1,
              timeout: 5,
              retries: 3,
              startPeriod: 5,
            },
          },
        ],
      }),
    );
    const secret = { username: 'slipway', password: 'first' };
    stage.add('databaseOutputs', { ...postgres, secret_arn: secretArn });
    stage.add('database', await Database.start(postgres, secret, stage.workspace.folder));
    stage.add('outputs', {
      service: { name: NAME, cluster: 'main', repository: NAME, container: 'app' },
      redeployer: {
        function_name: 'redeployer',
        outcome_topic_arn: `arn:aws:sns:${REGION}:${ACCOUNT}:outcomes`,
      },
    });
    stage.add('registry', new Registry(stage.aws, NAME, stage.workspace.folder));
    const { scheduler, load } = cast(stage, undefined, 0);
    scheduler.start((error) => stage.break(error));
    stage.add('load', load);
    return undefined;
  },
};

const failing: Step = {
  title: 'fail',
  run: () => Promise.reject(new Error('as the test wants it')),
};

const [report = '', ...wishes] = process.argv.slice(2);
const played = [raise, ...releases.slice(0, 2)];
process.exit(
  await perform({
    environment: { name: 'quick', account: ACCOUNT, region: REGION, stateBucket: 'none', hasEdge: false },
    python: python(),
    steps: wishes.includes('fail') ? [...played, failing, endLoad] : [...played, endLoad],
    keep: wishes.includes('keep'),
    json: true,
    report,
  }),
);
