import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { ACCOUNT, call, clientsOf, REGION } from '@slipway/test-helpers/emulator/aws';
import { createRedeployer } from '@slipway/test-helpers/emulator/redeployer';
import { createService, findNetwork } from '@slipway/test-helpers/emulator/service';
import { Database } from '../stage/database.ts';
import type { Environment } from '../stage/environment.ts';
import { Registry } from '../stage/registry.ts';
import { cast } from './infrastructure.ts';
import type { Step } from './step.ts';

const NAME = 'slipway-quick';
const POSTGRES = { host: `${NAME}.abc.${REGION}.rds.amazonaws.com`, port: 5432, database: 'slipway' };
const SECRET = { username: 'slipway', password: 'first-of-two' };

/** What is rehearsed where no layer is applied. */
export const QUICK: Environment = {
  name: 'quick',
  account: ACCOUNT,
  region: REGION,
  stateBucket: 'none',
  hasEdge: false,
};

/** In place of bootstrap and layers: AWS's own API makes in seconds what Terraform makes in minutes. */
export const raiseQuick: Step = {
  title: 'make the service, the redeployer and the database with the API of AWS',
  async run(stage) {
    const { url } = stage.emulator;
    const { ecr, ecs } = clientsOf(url);
    await ecr.send(new CreateRepositoryCommand({ repositoryName: NAME, imageTagMutability: 'IMMUTABLE' }));
    const { ARN: secretArn } = await call<{ ARN: string }>(
      url,
      'secretsmanager',
      'secretsmanager.CreateSecret',
      { Name: 'database', SecretString: JSON.stringify(SECRET) },
    );
    stage.secrets.add(SECRET.password);
    await ecs.send(new RegisterTaskDefinitionCommand(templateWith(secretArn)));
    await createService(ecs, await findNetwork(url), {
      serviceName: NAME,
      taskDefinition: `${NAME}-template`,
      desiredCount: 0,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 0 },
        { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      ],
    });
    const served = { service: NAME, cluster: 'main', repository: NAME, secretArns: [secretArn] };
    const { topic } = await createRedeployer(url, [served]);

    const outputs = { ...POSTGRES, secret_arn: secretArn };
    stage.add('databaseOutputs', outputs);
    stage.add('database', await Database.start(outputs, SECRET, stage.workspace.folder));
    stage.add('outputs', {
      service: { name: NAME, cluster: 'main', repository: NAME, container: 'app' },
      redeployer: { function_name: 'redeployer', outcome_topic_arn: topic },
    });
    stage.add('scheduleRule', 'schedule');
    stage.add('registry', new Registry(stage.aws, NAME, stage.workspace.folder));
    const { scheduler, load } = cast(stage, undefined, 0);
    scheduler.start((error) => stage.break(error));
    stage.add('load', load);
    return undefined;
  },
};

/** The template that the application layer would make, as far as it is simulated. */
function templateWith(secretArn: string) {
  const environment = {
    API_PORT: '3000',
    DB_HOST: POSTGRES.host,
    DB_DATABASE: POSTGRES.database,
    DB_SSLMODE: 'verify-full',
  };
  const secrets = { DB_USER: 'username', DB_PASSWORD: 'password' };
  return {
    family: `${NAME}-template`,
    requiresCompatibilities: ['FARGATE' as const],
    networkMode: 'awsvpc' as const,
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'app',
        image: 'placeholder',
        environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
        secrets: Object.entries(secrets).map(([name, key]) => ({
          name,
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
  };
}
