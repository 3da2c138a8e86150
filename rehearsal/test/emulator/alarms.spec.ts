import {
  DescribeServiceDeploymentsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { call, clientsOf, control, query } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, type Emulator, startEmulator } from '@slipway/test-helpers/emulator/emulator';
import {
  createService,
  findNetwork,
  registerTaskDefinition,
  seenByScheduler,
} from '@slipway/test-helpers/emulator/service';

const GROUP = { logGroupName: '/service' };
const STREAM = { ...GROUP, logStreamName: 'service/app/one' };

describeEmulator('a rollout that is watched by an alarm on the log', () => {
  let emulator: Emulator;
  let ecs: ECSClient;
  let service: string;
  let first: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    ({ ecs } = clientsOf(emulator.url));
    await logs('CreateLogGroup', GROUP);
    await logs('CreateLogStream', STREAM);
    await filter('{ $.status = 500 }');
    await query(emulator.url, 'monitoring', {
      Action: 'PutMetricAlarm',
      Version: '2010-08-01',
      AlarmName: 'errors',
      Namespace: 'Slipway',
      MetricName: 'errors',
      Statistic: 'Sum',
      // Longer than any run of this test, however slow.
      Period: '86400',
      EvaluationPeriods: '1',
      Threshold: '2',
      ComparisonOperator: 'GreaterThanThreshold',
    });
    first = await registerTaskDefinition(ecs, 'watched');
    const alarms = { alarmNames: ['errors'], enable: true, rollback: true };
    service = await createService(ecs, await findNetwork(emulator.url), {
      serviceName: 'watched',
      taskDefinition: first,
      desiredCount: 1,
      deploymentConfiguration: { alarms },
    });
    await control(emulator.url, 'deployments/complete', { service, deployment: await primary() });
  });

  afterAll(() => emulator.stop());

  const logs = (action: string, body: Record<string, unknown>) =>
    call(emulator.url, 'logs', `Logs_20140328.${action}`, body);
  const filter = (filterPattern: string) =>
    logs('PutMetricFilter', {
      ...GROUP,
      filterName: 'errors',
      filterPattern,
      metricTransformations: [{ metricNamespace: 'Slipway', metricName: 'errors', metricValue: '1' }],
    });
  const write = (...messages: string[]) =>
    logs('PutLogEvents', {
      ...STREAM,
      logEvents: messages.map((message) => ({ timestamp: Date.now(), message })),
    });
  const primary = async () => (await seenByScheduler(emulator.url, service)).primary.id;
  const report = async () =>
    control(emulator.url, 'deployments/report', { service, deployment: await primary(), running: 1 });
  async function newest() {
    const { serviceDeployments: [brief] = [] } = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster: 'main', service: 'watched' }),
    );
    const serviceDeploymentArns = [brief?.serviceDeploymentArn ?? ''];
    const { serviceDeployments: [found] = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }),
    );
    return found;
  }

  it('is rolled back when more lines than the threshold match, and no sooner', async () => {
    await ecs.send(
      new UpdateServiceCommand({ cluster: 'main', service: 'watched', forceNewDeployment: true }),
    );
    await write('{"status":500}', '{"status":503}', '{"status":"500"}', 'status 500', '{"status":500}');
    await report();
    expect(await newest()).toMatchObject({ status: 'IN_PROGRESS', alarms: { status: 'MONITORING' } });

    await write('{"status":500}');
    await report();
    expect(await newest()).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      statusReason: 'alarm detected.',
      alarms: { status: 'TRIGGERED', alarmNames: ['errors'], triggeredAlarmNames: ['errors'] },
    });
    await control(emulator.url, 'deployments/complete', { service, deployment: await primary() });
    expect(await newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  });

  it('is not watched by an alarm that is on already', async () => {
    await ecs.send(
      new UpdateServiceCommand({ cluster: 'main', service: 'watched', forceNewDeployment: true }),
    );
    await report();
    expect(await newest()).toMatchObject({ status: 'IN_PROGRESS', alarms: { status: 'DISABLED' } });
  });

  it('refuses a filter pattern that it cannot simulate', async () => {
    await expect(filter('[ip, status = 5*]')).rejects.toThrow(/no logs:PutMetricFilter: the filter pattern/);
  });
});
