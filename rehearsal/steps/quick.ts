import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { ACCOUNT, call, clientsOf, query, REGION } from '@slipway/test-helpers/emulator/aws';
import { createRedeployer } from '@slipway/test-helpers/emulator/redeployer';
import {
  createRole,
  createSecret,
  createUnreleased,
  findNetwork,
  registerTaskDefinition,
} from '@slipway/test-helpers/emulator/service';
import type { Environment } from '../stage/environment.ts';
import { Registry } from '../stage/registry.ts';
import { startDatabase, startScheduler } from './start.ts';
import type { Step } from './step.ts';

const NAME = 'slipway-quick';
const POSTGRES = { host: `${NAME}.abc.${REGION}.rds.amazonaws.com`, port: 5432, database: 'slipway' };
const SECRET = { username: 'master', password: 'first-of-two' };
/** By which IAM knows the database. */
const RESOURCE = 'db-QUICK';
const USER = 'slipway_service';
const LOG_GROUP = `/slipway/${NAME}/service`;
const ALARM = `${NAME}-errors`;

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
    const secretArn = await createSecret(url, SECRET);
    stage.secrets.add(SECRET.password);
    await createLog(url);
    const role = await createTaskRole(url);
    await createUnreleased(url, NAME, container(), {
      taskRoleArn: role,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 0 },
        { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      ],
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { alarmNames: [ALARM], enable: true, rollback: true },
      },
    });
    const command = `${NAME}-release-command-template`;
    await registerTaskDefinition(clientsOf(url).ecs, command, commandContainer(secretArn));
    const served = { service: NAME, cluster: 'main', repository: NAME, secretArns: [] };
    const releaseCommand = { ...(await findNetwork(url)), assignPublicIp: true, timeoutSeconds: 900 };
    const { topic } = await createRedeployer(url, [{ ...served, releaseCommand }]);

    await startDatabase(stage, { ...POSTGRES, secret_arn: secretArn }, SECRET, RESOURCE);
    stage.add('outputs', {
      service: { name: NAME, cluster: 'main', repository: NAME, container: 'app' },
      redeployer: { function_name: 'redeployer', outcome_topic_arn: topic },
    });
    stage.add('scheduleRule', 'schedule');
    stage.add('registry', new Registry(stage.aws, NAME, stage.workspace.folder));
    await startScheduler(stage, role);
    return undefined;
  },
};

/** The role of the tasks, which signs in to the database as the service's user. @returns its ARN */
async function createTaskRole(url: string): Promise<string> {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'rds-db:connect',
        Resource: `arn:aws:rds-db:${REGION}:${ACCOUNT}:dbuser:${RESOURCE}/${USER}`,
      },
    ],
  };
  const role = await createRole(url, 'task');
  await query(url, 'iam', {
    Action: 'PutRolePolicy',
    Version: '2010-05-08',
    RoleName: 'task',
    PolicyName: 'database',
    PolicyDocument: JSON.stringify(policy),
  });
  return role;
}

/** The log of the service, and the alarm on requests that it answered with 500. */
async function createLog(url: string): Promise<void> {
  const metric = { metricNamespace: 'Slipway', metricName: ALARM };
  await call(url, 'logs', 'Logs_20140328.CreateLogGroup', { logGroupName: LOG_GROUP });
  await call(url, 'logs', 'Logs_20140328.PutMetricFilter', {
    logGroupName: LOG_GROUP,
    filterName: 'errors',
    filterPattern: '{ $.status = 500 }',
    metricTransformations: [{ ...metric, metricValue: '1' }],
  });
  await query(url, 'monitoring', {
    Action: 'PutMetricAlarm',
    Version: '2010-08-01',
    AlarmName: ALARM,
    Namespace: metric.metricNamespace,
    MetricName: metric.metricName,
    Statistic: 'Sum',
    Period: '60',
    EvaluationPeriods: '1',
    Threshold: '5',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
}

/** The service's container, as far as the template of the application layer is simulated. */
function container(): Partial<ContainerDefinition> {
  return {
    ...withLog('service', { API_PORT: '3000', DB_AUTH: 'iam', DB_USER: USER }),
    healthCheck: {
      command: ['CMD', '/nodejs/bin/node', 'dist/health/probe.js'],
      interval: 1,
      timeout: 5,
      retries: 3,
      startPeriod: 5,
    },
  };
}

/** And that of the release command. */
function commandContainer(secretArn: string): Partial<ContainerDefinition> {
  const secrets = { DB_USER: 'username', DB_PASSWORD: 'password' };
  return {
    ...withLog('release-command', {}),
    command: ['dist/migrate.js'],
    secrets: Object.entries(secrets).map(([name, key]) => ({
      name,
      valueFrom: `${secretArn}:${key}::`,
    })),
  };
}

function withLog(stream: string, environment: Record<string, string>): Partial<ContainerDefinition> {
  const variables = { DB_HOST: POSTGRES.host, DB_DATABASE: POSTGRES.database, ...environment };
  return {
    environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': LOG_GROUP,
        'awslogs-region': REGION,
        'awslogs-stream-prefix': stream,
      },
    },
  };
}
