import { LAYERS, type Layer } from '@slipway/test-helpers/terraform/layers';
import { Balancer } from '../balancer/balancer.mjs';
import type { DatabaseOutputs } from '../stage/database.ts';
import { Registry } from '../stage/registry.ts';
import type { ApplicationOutputs, Stage } from '../stage/stage.ts';
import { startDatabase, startScheduler } from './start.ts';
import type { Step } from './step.ts';

const bootstrap: Step = {
  title: 'bootstrap the account: state bucket, roles for GitHub',
  async run(stage) {
    await stage.layers.bootstrap();
    return undefined;
  },
};

const apply: Step[] = LAYERS.map((layer) => ({
  title: `plan and apply ${layer}`,
  async run(stage) {
    await stage.layers.apply(layer);
    return undefined;
  },
}));

const database: Step = {
  title:
    'start PostgreSQL behind a simulated RDS: TLS, the master user with its password, all others by a token',
  async run(stage) {
    const { postgres } = await stage.layers.outputs<{
      postgres: DatabaseOutputs & { identifier: string };
    }>('databases');
    const { SecretString } = await stage.aws.read<{ SecretString: string }>(
      'secretsmanager',
      'get-secret-value',
      '--secret-id',
      postgres.secret_arn,
    );
    const secret = JSON.parse(SecretString) as { username: string; password: string };
    stage.secrets.add(secret.password);
    const { DBInstances } = await stage.aws.call<{ DBInstances: { DbiResourceId: string }[] }>(
      'rds',
      'describe-db-instances',
      '--db-instance-identifier',
      postgres.identifier,
    );
    await startDatabase(stage, postgres, secret, DBInstances[0]?.DbiResourceId ?? '');
    return undefined;
  },
};

const scheduler: Step = {
  title: 'start the scheduler that simulates ECS, and what stands in front of the tasks',
  async run(stage) {
    const outputs = stage.add('outputs', await stage.layers.outputs<ApplicationOutputs>('application'));
    stage.add('registry', new Registry(stage.aws, outputs.service.repository, stage.workspace.folder));
    stage.add('scheduleRule', `${outputs.service.name}-schedule`);
    const group = stage.environment.hasEdge ? await targetGroup(stage) : undefined;
    const balancer = group && stage.add('balancer', await group.balancer.listen());
    const { taskRoleArn } = await stage.taskDefinition(`${outputs.service.name}-template`);
    await startScheduler(stage, taskRoleArn ?? '', balancer, group?.deregistrationDelay);
    const where =
      balancer === undefined ? 'each task by its own address' : `a load balancer on ${balancer.url}`;
    return where;
  },
};

/** A balancer with the settings that Terraform gave the target group and the load balancer. */
async function targetGroup(stage: Stage) {
  const { TargetGroups } = await stage.aws.call<{
    TargetGroups: {
      TargetGroupArn: string;
      LoadBalancerArns: string[];
      HealthCheckPath: string;
      HealthCheckIntervalSeconds: number;
      HealthCheckTimeoutSeconds: number;
      HealthyThresholdCount: number;
      UnhealthyThresholdCount: number;
    }[];
  }>('elbv2', 'describe-target-groups', '--names', stage.get('outputs').service.name);
  const [group] = TargetGroups;
  if (group === undefined) {
    throw new Error('the environment has a load balancer, but no target group');
  }
  const deregistrationDelay = Number(
    await attribute(stage, 'target-group', group.TargetGroupArn, 'deregistration_delay.timeout_seconds'),
  );
  const idleTimeout = Number(
    await attribute(stage, 'load-balancer', group.LoadBalancerArns[0] ?? '', 'idle_timeout.timeout_seconds'),
  );
  const balancer = new Balancer({
    healthCheck: {
      path: group.HealthCheckPath,
      intervalMs: group.HealthCheckIntervalSeconds * 1000,
      timeoutMs: group.HealthCheckTimeoutSeconds * 1000,
      healthyThreshold: group.HealthyThresholdCount,
      unhealthyThreshold: group.UnhealthyThresholdCount,
    },
    idleTimeoutMs: idleTimeout * 1000,
    deregistrationDelayMs: deregistrationDelay * 1000,
  });
  return { balancer, deregistrationDelay };
}

async function attribute(stage: Stage, of: string, arn: string, key: string): Promise<string | undefined> {
  const { Attributes } = await stage.aws.call<{ Attributes: { Key: string; Value: string }[] }>(
    'elbv2',
    `describe-${of}-attributes`,
    `--${of}-arn`,
    arn,
  );
  return Attributes.find(({ Key }) => Key === key)?.Value;
}

/** Everything that has to be there before the first push. */
export const raise: Step[] = [bootstrap, ...apply.slice(0, 3), database, ...apply.slice(3), scheduler];

export const planAgain: Step = {
  title: 'plan every layer again: after all these releases Terraform has nothing to say',
  async run(stage) {
    await Promise.all(
      LAYERS.map(async (layer) => {
        const changes = await stage.layers.changes(layer);
        if (changes !== undefined) {
          throw new Error(`a second plan of ${layer} wants changes:\n${changes}`);
        }
      }),
    );
    return `${LAYERS.length} empty plans`;
  },
};

/** Takes the environment down again, as an operator does. */
export const destroy: Step[] = [
  {
    title: 'lift the protection from what must not be destroyed by mistake',
    async run(stage) {
      const layers = await stage.layers.liftProtection();
      // Nothing that a layer above reads changes with it, so they go side by side.
      await Promise.all(layers.map((layer) => stage.layers.apply(layer)));
      return layers.length === 0 ? 'nothing is protected' : layers.join(', ');
    },
  },
  {
    title: 'plan the end of every layer, and carry it out, the last layer first',
    async run(stage) {
      // Before one goes, for the plan of one reads the state of another.
      await Promise.all(LAYERS.map((layer) => stage.layers.planEnd(layer)));
      const end = (layer: Layer) => stage.layers.carryOutEnd(layer);
      // The provider waits for the database's end by the minute: the application goes meanwhile.
      await Promise.all([end('application'), end('databases')]);
      await end('security');
      await end('connectivity');
      return `${LAYERS.length} layers`;
    },
  },
];
