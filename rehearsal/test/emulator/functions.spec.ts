import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@slipway/test-helpers/eventually';
import { ACCOUNT, call, control, REGION, rest } from '@slipway/test-helpers/emulator/aws';
import { describeEmulator, type Emulator, startEmulator } from '@slipway/test-helpers/emulator/emulator';
import { createFunctionOf, invoke, permit } from './support/functions.ts';
import type { SentEvent } from './support/world.ts';

describeEmulator('functions', () => {
  let emulator: Emulator;
  let url: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    url = emulator.url;
  });

  afterAll(() => emulator.stop());

  /** Every line that a function has printed, with Lambda's own about it. */
  async function logOf(name: string): Promise<string[]> {
    const { events } = await call<{ events: { message: string }[] }>(
      url,
      'logs',
      'Logs_20140328.FilterLogEvents',
      { logGroupName: `/aws/lambda/${name}` },
    );
    return events.map(({ message }) => message);
  }

  function sqs<T = Record<string, unknown>>(action: string, body: Record<string, unknown>): Promise<T> {
    return call<T>(url, 'sqs', `AmazonSQS.${action}`, body);
  }

  it('run with their own variables, the endpoint of the emulator and what Lambda tells them', async () => {
    const source = `export const handler = (event, context) => ({
      event, own: process.env.OWN, endpoint: process.env.AWS_ENDPOINT_URL, path: process.env.HOME ?? 'none',
      name: context.functionName, left: context.getRemainingTimeInMillis() > 0,
    });`;
    await createFunctionOf(url, 'tells', source, { variables: { OWN: 'value' } });

    expect(await invoke(url, 'tells', { a: 1 })).toEqual({
      error: null,
      payload: { event: { a: 1 }, own: 'value', endpoint: url, path: 'none', name: 'tells', left: true },
    });
  });

  it('keep their process for the next invocation, until their settings change', async () => {
    const source = 'let calls = 0; export const handler = () => (calls += 1);';
    await createFunctionOf(url, 'counts', source);
    await invoke(url, 'counts');
    expect((await invoke(url, 'counts')).payload).toBe(2);

    const change = JSON.stringify({ Environment: { Variables: { CHANGED: 'yes' } } });
    await rest(url, 'lambda', 'PUT', '/2015-03-31/functions/counts/configuration', change);
    expect((await invoke(url, 'counts')).payload).toBe(1);
  });

  it('are stopped at their timeout, and start anew', async () => {
    const source = `export const handler = ({ sleep }) => {
      console.log('begins');
      return sleep ? new Promise((resolve) => setTimeout(resolve, 60_000)) : 'awake';
    };`;
    await createFunctionOf(url, 'sleeps', source, { timeout: 1 });

    expect(await invoke(url, 'sleeps', { sleep: true })).toEqual({
      error: 'Unhandled',
      payload: expect.objectContaining({
        errorMessage: expect.stringMatching(/Task timed out after 1.00 seconds/),
      }),
    });
    expect((await invoke(url, 'sleeps', { sleep: false })).payload).toBe('awake');
    expect(await logOf('sleeps')).toEqual(
      expect.arrayContaining(['begins', expect.stringMatching(/timed out/)]),
    );
  });

  it('answer with their error, also when they end their own process', async () => {
    await createFunctionOf(url, 'throws', `export const handler = () => { throw new TypeError('no'); };`);
    await createFunctionOf(url, 'exits', `export const handler = () => process.exit(3);`);
    await createFunctionOf(url, 'broken', `export const other = 1;`);

    expect(await invoke(url, 'throws')).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'TypeError', errorMessage: 'no' },
    });
    expect(await invoke(url, 'exits')).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
    });
    expect(await invoke(url, 'broken')).toMatchObject({
      payload: { errorMessage: 'index.handler is undefined or not exported' },
    });
  });

  it('get messages of a queue in batches, and again only those that they report as failed', async () => {
    const source = `export const handler = ({ Records }) => {
      console.log(Records.map(({ body, attributes }) => body + attributes.ApproximateReceiveCount).join());
      const bad = Records.filter((one) => one.body === 'bad' && one.attributes.ApproximateReceiveCount === '1');
      return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };`;
    await createFunctionOf(url, 'batches', source);
    const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', {
      QueueName: 'batches',
      Attributes: { VisibilityTimeout: '1' },
    });
    const bodies = ['good', 'bad'];
    const Entries = bodies.map((body) => ({ Id: body, MessageBody: body }));
    await sqs('SendMessageBatch', { QueueUrl, Entries });
    const mapping = {
      FunctionName: 'batches',
      EventSourceArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:batches`,
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    };
    await rest(url, 'lambda', 'POST', '/2015-03-31/event-source-mappings', JSON.stringify(mapping));

    await eventually(async () => {
      const printed = (await logOf('batches')).filter((line) => /^(good|bad)/.test(line));
      expect(printed).toEqual(['good1,bad1', 'bad2']);
    });
  });

  it('are a target of a rule that they permit, and of no other', async () => {
    const source = 'export const handler = (event) => console.log(JSON.stringify(event));';
    await createFunctionOf(url, 'target', source);
    for (const Rule of ['permitted', 'forbidden', 'disabled']) {
      const pattern = JSON.stringify({ source: ['test'], 'detail-type': [Rule] });
      const State = Rule === 'disabled' ? 'DISABLED' : 'ENABLED';
      await call(url, 'events', 'AWSEvents.PutRule', { Name: Rule, EventPattern: pattern, State });
      const Arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:target`;
      await call(url, 'events', 'AWSEvents.PutTargets', { Rule, Targets: [{ Id: 'function', Arn }] });
    }
    await permit(url, 'target', `arn:aws:events:${REGION}:${ACCOUNT}:rule/permitted`);
    const Entries = ['forbidden', 'disabled', 'permitted'].map((DetailType) => ({
      Source: 'test',
      DetailType,
      Detail: '{}',
    }));
    await call(url, 'events', 'AWSEvents.PutEvents', { Entries });

    const { events } = await control<{ events: SentEvent[] }>(url, 'events');
    const errors = events.map(({ event, deliveries }) => [
      event['detail-type'],
      deliveries.map(({ error }) => error),
    ]);
    expect(errors).toEqual([
      ['forbidden', [expect.stringMatching(/^NO_PERMISSIONS/)]],
      ['disabled', []],
      ['permitted', [null]],
    ]);
    const log = await eventually(async () => {
      const lines = (await logOf('target')).filter((line) => line.startsWith('{'));
      expect(lines).toHaveLength(1);
      return lines;
    });
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ source: 'test', 'detail-type': 'permitted' });
  });

  it('get no event through a queue whose key does not let EventBridge in', async () => {
    const { KeyMetadata } = await call<{ KeyMetadata: { KeyId: string } }>(
      url,
      'kms',
      'TrentService.CreateKey',
      {},
    );
    const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:sealed`;
    const Statement = [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
      },
    ];
    await sqs('CreateQueue', {
      QueueName: 'sealed',
      Attributes: { KmsMasterKeyId: KeyMetadata.KeyId, Policy: JSON.stringify({ Statement }) },
    });
    await call(url, 'events', 'AWSEvents.PutRule', { Name: 'sealed', ScheduleExpression: 'rate(1 hour)' });
    await call(url, 'events', 'AWSEvents.PutTargets', {
      Rule: 'sealed',
      Targets: [{ Id: 'queue', Arn: arn }],
    });
    await control(url, 'schedules/fire', { rule: `arn:aws:events:${REGION}:${ACCOUNT}:rule/sealed` });

    const { events } = await control<{ events: SentEvent[] }>(url, 'events');
    expect(events.at(-1)?.deliveries).toEqual([
      expect.objectContaining({ error: expect.stringMatching(/kms:GenerateDataKey/) }),
    ]);
  });
});
