import {
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { clientsOf, control } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, type Emulator, startEmulator } from '@slipway/test-helpers/emulator/emulator';
import {
  createService,
  findNetwork,
  type Network,
  registerTaskDefinition,
} from '@slipway/test-helpers/emulator/service';

describeEmulator('a task that RunTask starts', () => {
  let emulator: Emulator;
  let ecs: ECSClient;
  let network: Network;
  let number = 0;
  let family: string;
  let definition: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    ({ ecs } = clientsOf(emulator.url));
    network = await findNetwork(emulator.url);
    const taskDefinition = await registerTaskDefinition(ecs, 'service');
    await createService(ecs, network, { serviceName: 'service', taskDefinition, desiredCount: 0 });
  });

  afterAll(() => emulator.stop());

  beforeEach(async () => {
    family = `command-${(number += 1)}`;
    definition = await registerTaskDefinition(ecs, family);
  });

  async function run(more: { clientToken?: string; startedBy?: string; count?: number } = {}) {
    const { tasks = [] } = await ecs.send(
      new RunTaskCommand({
        cluster: 'main',
        taskDefinition: definition,
        count: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: network },
        startedBy: 'release/1',
        ...more,
      }),
    );
    return tasks[0]?.taskArn ?? '';
  }
  const report = (task: string, status: string, more: object = {}) =>
    control(emulator.url, 'standalone-tasks/report', { task, status, ...more });
  const list = async (desiredStatus: 'RUNNING' | 'STOPPED') =>
    (await ecs.send(new ListTasksCommand({ cluster: 'main', family, desiredStatus }))).taskArns;
  async function describe(task: string) {
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: [task] }));
    return tasks[0];
  }
  async function eventsOf(task: string) {
    const { events } = await control<{ events: { event: { detail: Record<string, unknown> } }[] }>(
      emulator.url,
      'events',
    );
    return events.map(({ event }) => event.detail).filter(({ taskArn }) => taskArn === task);
  }

  it('runs until its scheduler reports the end, which is an event', async () => {
    const task = await run();
    await report(task, 'RUNNING');
    expect(await list('RUNNING')).toEqual([task]);
    await report(task, 'STOPPED', { exitCode: 1 });

    expect([await list('RUNNING'), await list('STOPPED')]).toEqual([[], [task]]);
    expect(await describe(task)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      startedBy: 'release/1',
      taskDefinitionArn: definition,
      createdAt: expect.any(Date),
      containers: [{ name: 'app', exitCode: 1 }],
    });
    expect(await eventsOf(task)).toMatchObject([
      { lastStatus: 'PROVISIONING' },
      { lastStatus: 'RUNNING' },
      {
        lastStatus: 'STOPPED',
        group: `family:${family}`,
        stopCode: 'EssentialContainerExited',
        containers: [{ name: 'app', exitCode: 1 }],
      },
    ]);
    await expect(report(task, 'STOPPED', { exitCode: 0 })).rejects.toThrow(/409/);
  });

  it('is started once for a client token, which another request may not have', async () => {
    const task = await run({ clientToken: 'one' });
    expect(await run({ clientToken: 'one' })).toBe(task);
    await report(task, 'STOPPED', { exitCode: 0 });
    expect(await run({ clientToken: 'one' })).toBe(task);
    await expect(run({ clientToken: 'one', startedBy: 'release/2' })).rejects.toMatchObject({
      name: 'ConflictException',
    });
    expect(await run({ clientToken: 'two' })).not.toBe(task);
  });

  it('is stopped by its scheduler, with the reason of whoever asked for it', async () => {
    const task = await run();
    await report(task, 'RUNNING');
    await ecs.send(new StopTaskCommand({ cluster: 'main', task, reason: 'it takes too long' }));
    expect(await describe(task)).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'STOPPED' });
    await report(task, 'STOPPED', { exitCode: 0 });

    expect(await describe(task)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'it takes too long',
    });
  });

  it('says why it could not be started', async () => {
    const task = await run();
    await report(task, 'STOPPED', { reason: 'CannotPullContainerError: there is no image' });
    expect(await describe(task)).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: there is no image',
    });
  });

  it('refuses by name what is not simulated', async () => {
    await expect(run({ count: 2 })).rejects.toThrow(/no ecs:RunTask: one task/);
  });
});
