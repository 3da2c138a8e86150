import {
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ListServiceDeploymentsCommandInput,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { clientsOf, control } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, type Emulator, startEmulator } from '@slipway/test-helpers/emulator/emulator';
import {
  createService,
  findNetwork,
  type Network,
  registerTaskDefinition,
  seenByScheduler,
} from '@slipway/test-helpers/emulator/service';

describeEmulator('deployments of an ECS service, reported by a scheduler', () => {
  let emulator: Emulator;
  let ecs: ECSClient;
  let network: Network;
  let number = 0;
  let name: string;
  let service: string;
  let first: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    ({ ecs } = clientsOf(emulator.url));
    network = await findNetwork(emulator.url);
  });

  afterAll(() => emulator.stop());

  /** Each test has a service of its own, whose first deployment of two tasks has succeeded. */
  beforeEach(async () => {
    name = `service-${(number += 1)}`;
    first = await registerTaskDefinition(ecs, name);
    service = await createService(ecs, network, {
      serviceName: name,
      taskDefinition: first,
      desiredCount: 2,
    });
    await complete();
  });

  const primary = async () => (await seenByScheduler(emulator.url, service)).primary.id;
  const complete = async () =>
    control(emulator.url, 'deployments/complete', { service, deployment: await primary() });
  const fail = async (reason: string) =>
    control(emulator.url, 'deployments/fail', { service, deployment: await primary(), reason });
  const deploy = (taskDefinition: string) =>
    ecs.send(
      new UpdateServiceCommand({ cluster: 'main', service: name, taskDefinition, forceNewDeployment: true }),
    );

  async function describeService() {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster: 'main', services: [name] }));
    const found = answer.services?.[0];
    if (!found) throw new Error(`no service ${name}`);
    return found;
  }

  async function describeNewest() {
    const { serviceDeployments: listed = [] } = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster: 'main', service: name }),
    );
    const arns = [listed[0]?.serviceDeploymentArn ?? ''];
    const { serviceDeployments = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }),
    );
    return { listed, newest: serviceDeployments[0] };
  }

  it('keeps the old tasks ACTIVE beside the new PRIMARY ones until their last has ended', async () => {
    const second = await registerTaskDefinition(ecs, name);
    await deploy(second);

    const { taskDefinition, deployments = [], runningCount } = await describeService();
    expect(taskDefinition).toBe(second);
    expect(deployments).toMatchObject([
      {
        status: 'PRIMARY',
        taskDefinition: second,
        rolloutState: 'IN_PROGRESS',
        runningCount: 0,
        desiredCount: 2,
      },
      { status: 'ACTIVE', taskDefinition: first, rolloutState: 'COMPLETED', runningCount: 2 },
    ]);
    expect(runningCount).toBe(2);

    const [, old] = deployments;
    await control(emulator.url, 'deployments/report', {
      service,
      deployment: await primary(),
      running: 1,
      pending: 1,
    });
    await control(emulator.url, 'deployments/report', { service, deployment: old?.id, running: 0 });
    expect(await describeService()).toMatchObject({ runningCount: 1, pendingCount: 1 });
    expect((await describeService()).deployments).toHaveLength(1);

    await complete();
    expect(await describeService()).toMatchObject({ runningCount: 2, pendingCount: 0 });
  });

  it('is never seen with a new task definition and the old deployments', async () => {
    const definitions = [await registerTaskDefinition(ecs, name), await registerTaskDefinition(ecs, name)];
    const deployed = new AbortController();
    const seen = (async () => {
      const found = [];
      while (!deployed.signal.aborted) found.push(await describeService());
      return found;
    })();
    for (let round = 0; round < 20; round += 1) for (const one of definitions) await deploy(one);
    deployed.abort();

    for (const { taskDefinition, deployments } of await seen) {
      expect(deployments?.[0]).toMatchObject({ status: 'PRIMARY', taskDefinition });
    }
  });

  it('has a history, newest first, with the revision of each deployment', async () => {
    const second = await registerTaskDefinition(ecs, name);
    await deploy(second);
    const { listed, newest } = await describeNewest();

    expect(listed.map(({ status }) => status)).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
    expect(newest).toMatchObject({ serviceArn: service, deploymentCircuitBreaker: { status: 'MONITORING' } });
    const { serviceRevisions = [] } = await ecs.send(
      new DescribeServiceRevisionsCommand({
        serviceRevisionArns: [
          newest?.targetServiceRevision?.arn ?? '',
          newest?.sourceServiceRevisions?.[0]?.arn ?? '',
        ],
      }),
    );
    expect(serviceRevisions.map((one) => one.taskDefinition)).toEqual([second, first]);
    expect(serviceRevisions[0]?.containerImages).toEqual([{ containerName: 'app', image: 'placeholder' }]);
    await complete();
    expect((await describeNewest()).newest).toMatchObject({
      status: 'SUCCESSFUL',
      finishedAt: expect.any(Date),
    });
  });

  async function list(filter: Partial<ListServiceDeploymentsCommandInput>) {
    const command = new ListServiceDeploymentsCommand({ cluster: 'main', service: name, ...filter });
    return (await ecs.send(command)).serviceDeployments;
  }

  it('lists deployments by status and by when they were created', async () => {
    const [only] = (await describeNewest()).listed;
    const createdAt = only?.createdAt as Date;

    expect(await list({ status: ['SUCCESSFUL'] })).toHaveLength(1);
    expect(await list({ status: ['IN_PROGRESS'] })).toEqual([]);
    expect(await list({ createdAt: { after: createdAt } })).toHaveLength(1);
    expect(await list({ createdAt: { after: new Date(createdAt.getTime() + 1000) } })).toEqual([]);
    expect(await list({ createdAt: { before: new Date(createdAt.getTime() - 1000) } })).toEqual([]);
  });

  it('rolls back to the last success when the breaker trips', async () => {
    await deploy(await registerTaskDefinition(ecs, name));
    await fail('tasks failed to start');

    const during = await describeService();
    expect(during.taskDefinition).toBe(first);
    expect(during.deployments).toMatchObject([
      { status: 'PRIMARY', taskDefinition: first, rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start' },
    ]);
    expect((await describeNewest()).newest).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      deploymentCircuitBreaker: { status: 'TRIGGERED' },
    });

    await complete();
    const { newest } = await describeNewest();
    expect(newest?.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(newest?.rollback?.serviceRevisionArn).toBe(newest?.sourceServiceRevisions?.[0]?.arn);
  });

  it('stops a deployment that a newer one overtakes', async () => {
    await deploy(await registerTaskDefinition(ecs, name));
    await deploy(await registerTaskDefinition(ecs, name));

    const { listed } = await describeNewest();
    expect(listed.map(({ status }) => status)).toEqual(['IN_PROGRESS', 'STOPPED', 'SUCCESSFUL']);
    expect((await describeService()).deployments).toHaveLength(3);
  });

  it('begins no deployment when only the number of tasks changes', async () => {
    await ecs.send(new UpdateServiceCommand({ cluster: 'main', service: name, desiredCount: 3 }));

    expect(await describeService()).toMatchObject({ desiredCount: 3, runningCount: 2, pendingCount: 1 });
    expect((await describeNewest()).listed).toHaveLength(1);
  });

  it('lists the tasks of the service that are reported, with the reason of those that stopped', async () => {
    const deployment = await primary();
    await control(emulator.url, 'tasks', {
      service,
      tasks: [
        { id: 'one', deployment, status: 'RUNNING' },
        {
          id: 'two',
          deployment,
          status: 'STOPPED',
          reason: 'Essential container in task exited',
          exitCode: 1,
        },
      ],
    });
    const listTasks = async (desiredStatus?: 'STOPPED') => {
      const command = new ListTasksCommand({ cluster: 'main', serviceName: name, desiredStatus });
      return (await ecs.send(command)).taskArns ?? [];
    };

    expect(await listTasks()).toEqual([expect.stringMatching(/:task\/main\/one$/)]);
    const stopped = await listTasks('STOPPED');
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: stopped }));
    expect(tasks).toMatchObject([
      {
        lastStatus: 'STOPPED',
        stoppedReason: 'Essential container in task exited',
        taskDefinitionArn: first,
        startedBy: deployment,
        containers: [{ exitCode: 1 }],
      },
    ]);
  });

  it('refuses a second service of the name, and reports that do not fit', async () => {
    const again = new CreateServiceCommand({
      cluster: 'main',
      serviceName: name,
      taskDefinition: first,
      networkConfiguration: { awsvpcConfiguration: network },
    });
    await expect(ecs.send(again)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(complete()).rejects.toThrow(/409.*COMPLETED/);
    await expect(control(emulator.url, 'tasks', { service, tasks: 'none' })).rejects.toThrow(/400.*`tasks`/);
  });
});

describeEmulator('--auto', () => {
  it('lets a deployment succeed at once', async () => {
    const emulator = await startEmulator('--auto');
    try {
      const { ecs } = clientsOf(emulator.url);
      const network = await findNetwork(emulator.url);
      const taskDefinition = await registerTaskDefinition(ecs, 'alone');
      await createService(ecs, network, { serviceName: 'alone', taskDefinition, desiredCount: 2 });

      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster: 'main', services: ['alone'] }),
      );
      expect(services).toMatchObject([{ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] }]);
    } finally {
      await emulator.stop();
    }
  });
});
