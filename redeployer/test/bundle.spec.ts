import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDate } from 'node:util/types';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { FakeAws } from './fake/aws.ts';
import { pushed, releaseRequested, scheduled, taskChanged } from './fake/events.ts';
import { commitOf, SERVED, SERVED_WITH_COMMAND, tagOf, TOPIC } from './fake/world.ts';

/**
 * The zip as Lambda would run it: unpacked, loaded in a process of its own, `index.handler` called with an
 * event and a context. AWS is an HTTP server that speaks the wire protocols and keeps its state in the fake.
 */
let folder: string;
let server: Server;
let fake: FakeAws;
/** Answers to give before the fake is asked, by operation: HTTP status and AWS's error name. */
let refusals: { operation: string; status: number; name: string }[];
let requests: string[];

// Each test starts a process, which takes its time on a busy machine.
jest.setTimeout(60_000);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redeployer-'));
  const zip = await readFile(new URL('../dist/redeployer.zip', import.meta.url));
  for (const [name, content] of Object.entries(unzipSync(zip))) await writeFile(join(folder, name), content);
  server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) => response.writeHead(status).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  fake = new FakeAws(SERVED.service, () => true);
  // The process reads the real clock, and a release of long ago would be beyond the history.
  fake.now = Date.now();
  refusals = [];
  requests = [];
  fill = (_, output) => output;
});

async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const target = request.headers['x-amz-target'];
  const query = new URLSearchParams(text);
  const operation = typeof target === 'string' ? target.replace(/^.*\./, '') : (query.get('Action') ?? '');
  requests.push(operation);
  const refusal = refusals.find((one) => one.operation === operation);
  if (refusal) {
    refusals = refusals.filter((one) => one !== refusal);
    const { status, name } = refusal;
    return { status, body: JSON.stringify({ __type: name, message: 'refused' }) };
  }
  if (operation === 'Publish') {
    fake.call(operation, { Message: query.get('Message') });
    return { status: 200, body: '<PublishResponse><PublishResult/></PublishResponse>' };
  }
  try {
    const output = fake.call(operation, JSON.parse(text));
    return { status: 200, body: onWire(fill(operation, output)) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'ServerException', message: '' };
    return { status: 400, body: JSON.stringify({ __type: name, message }) };
  }
}

/** What AWS tells beyond the fakes, by operation. */
let fill: (operation: string, output: unknown) => unknown;

/** AWS's JSON protocols write times as seconds. */
function onWire(output: unknown): string {
  return JSON.stringify(output ?? {}, function replace(this: Record<string, unknown>, key, value: unknown) {
    const original = this[key];
    return isDate(original) ? original.getTime() / 1000 : value;
  });
}

interface Run {
  result: { batchItemFailures?: { itemIdentifier: string }[]; decisions?: unknown[] } | undefined;
  logs: Record<string, unknown>[];
  stderr: string;
}

const RUNNER = `
import { handler } from './index.mjs';
const { event, milliseconds } = JSON.parse(process.argv[2]);
const end = Date.now() + milliseconds;
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => end - Date.now() };
const result = await handler(event, context);
process.stdout.write(JSON.stringify({ result }) + '\\n');
`;

async function invoke(event: unknown, environment: object = {}, milliseconds = 20_000): Promise<Run> {
  await writeFile(join(folder, 'runner.mjs'), RUNNER);
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, ['runner.mjs', JSON.stringify({ event, milliseconds })], {
    cwd: folder,
    env: {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      OUTCOME_TOPIC_ARN: TOPIC,
      SERVICES: JSON.stringify([SERVED]),
      ...environment,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  await new Promise((resolve) => child.on('close', resolve));
  const lines = stdout.split('\n').filter((line) => line !== '');
  const parsed = lines.map((line): Run['logs'][number] & Partial<Run> => JSON.parse(line));
  return {
    result: parsed.find((line) => 'result' in line)?.result,
    logs: parsed.filter((line) => 'level' in line),
    stderr,
  };
}

function batch(...bodies: unknown[]) {
  const attributes = { MessageGroupId: 'one', ApproximateReceiveCount: '1' };
  const records = bodies.map((body, index) => {
    return { messageId: `m${index}`, receiptHandle: 'r', body: JSON.stringify(body), attributes };
  });
  return { Records: records };
}

function pushFirst(): unknown {
  fake.ecr.push(commitOf(1), fake.now);
  return pushed(commitOf(1), fake.now);
}

describe('the zip', () => {
  test('holds one file, index.mjs, that asks for nothing but Node', async () => {
    const zip = unzipSync(await readFile(new URL('../dist/redeployer.zip', import.meta.url)));

    expect(Object.keys(zip)).toEqual(['index.mjs']);
    const text = Buffer.from(zip['index.mjs'] ?? []).toString();
    const imports = [...text.matchAll(/(?:from|import)\s*["']([^"'./]+?)(?:\/[^"']*)?["']/g)].map(
      (one) => one[1],
    );
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((name) => !name?.startsWith('node:') && !NODE.has(name ?? ''))).toEqual([]);
  });

  test('releases a pushed image', async () => {
    const run = await invoke(batch(pushFirst()));

    expect(run.result).toEqual({ batchItemFailures: [] });
    expect(tagOf(fake.ecs.running(), 'commit')).toBe(commitOf(1));
    expect(fake.ecs.desiredCount).toBe(2);
    expect(run.logs).toEqual([expect.objectContaining({ messageId: 'm0', decision: 'release' })]);
  });

  test('carries over what ECS tells of a template and the bundled SDK does not know', async () => {
    fill = (operation, output) =>
      operation === 'DescribeTaskDefinition' ? JSON.parse(withNewFields(onWire(output))) : output;

    const run = await invoke(batch(pushFirst()));

    expect(run.result).toEqual({ batchItemFailures: [] });
    const { definition } = fake.ecs.running() ?? {};
    expect(definition).toMatchObject({ newer: { mode: 'x' } });
    expect(definition?.containerDefinitions?.[0]).toMatchObject({
      image: expect.stringContaining('@sha256:'),
      newer: [1],
      environment: [{ name: 'A_SECRET' }, { name: 'TEMPLATE' }],
    });
  });

  test('refuses a service that is not deployed by rolling updates, by name', async () => {
    fill = (operation, output) => {
      if (operation !== 'DescribeServices') return output;
      return JSON.parse(onWire(output).replace('"ROLLING"', '"CANARY"'));
    };

    const run = await invoke(batch(pushFirst()));

    expect(run.result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(run.logs.at(-1)?.['error']).toContain(
      'UnsupportedSettingError: The service slipway deploys by ECS, CANARY',
    );
    expect(fake.ecs.updates).toEqual([]);
  });

  test('reports a failed message and what is behind it', async () => {
    const run = await invoke(
      batch(pushFirst(), releaseRequested(commitOf(9), fake.now), scheduled(fake.now)),
    );

    expect(run.result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
  });

  test('answers a direct invocation with what was decided', async () => {
    pushFirst();

    const run = await invoke({ source: 'slipway', 'detail-type': 'Reconcile Requested' });

    const decided = { service: 'slipway', decision: 'release', commit: commitOf(1) };
    expect(run.result?.decisions).toEqual([expect.objectContaining(decided)]);
  });

  test('publishes an outcome', async () => {
    await invoke(batch(pushFirst()));
    fake.now += 60_000;
    fake.ecs.advance();
    const detail = { ...fake.ecs.events.at(-1), updatedAt: new Date(fake.now).toISOString() };
    const resources = ['arn:aws:ecs:eu-central-1:111122223333:service/main/slipway'];
    const event = { source: 'aws.ecs', 'detail-type': 'ECS Deployment State Change', resources, detail };

    const run = await invoke(batch({ ...event, time: detail.updatedAt }));

    expect(run.result).toEqual({ batchItemFailures: [] });
    expect(fake.published.map((text) => JSON.parse(text))).toEqual([
      expect.objectContaining({ outcome: 'COMPLETED', commit: commitOf(1) }),
    ]);
  });

  test('runs a release command, and deploys once its end has come', async () => {
    const environment = { SERVICES: JSON.stringify([SERVED_WITH_COMMAND]) };
    refusals = [{ operation: 'RunTask', status: 500, name: 'ServerException' }];
    await invoke(batch(pushFirst()), environment);
    expect(fake.ecs.updates).toEqual([]);
    expect(JSON.parse(fake.tasks.inFlight()?.settings ?? '{}')).toMatchObject({
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED' } },
      clientToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    fake.tasks.advance();
    fake.tasks.advance();
    const event = taskChanged(fake.tasks.events.at(-1) ?? {}, fake.now);

    const run = await invoke(batch(event), environment);

    expect(run.result).toEqual({ batchItemFailures: [] });
    expect(run.logs.filter(({ message }) => message === 'decided').map(({ decision }) => decision)).toEqual([
      'conclude',
      'deploy',
    ]);
    expect(tagOf(fake.ecs.running(), 'release-command')).toBe('succeeded');
    expect(fake.tasks.all).toHaveLength(1);
  });

  test('repeats throttled and failed reads and throttled writes by itself', async () => {
    refusals = [
      { operation: 'DescribeImages', status: 400, name: 'ThrottlingException' },
      { operation: 'DescribeServices', status: 500, name: 'ServerException' },
      { operation: 'UpdateService', status: 400, name: 'ThrottlingException' },
    ];

    const run = await invoke(batch(pushFirst()));

    expect(run.result).toEqual({ batchItemFailures: [] });
    expect(requests.filter((one) => one === 'UpdateService')).toHaveLength(2);
    expect(requests.filter((one) => one === 'RegisterTaskDefinition')).toHaveLength(1);
    expect(fake.ecs.updates).toHaveLength(1);
  });

  test('looks again after a write of unknown effect instead of writing again', async () => {
    const event = batch(pushFirst());
    refusals = [{ operation: 'UpdateService', status: 500, name: 'ServerException' }];

    const run = await invoke(event);

    expect(run.result).toEqual({ batchItemFailures: [] });
    expect(requests.filter((one) => one === 'RegisterTaskDefinition')).toHaveLength(1);
    expect(run.logs.map(({ decision }) => decision)).toEqual(['release', 'release', 'deploy']);
  });

  test('stops with a message when access is denied', async () => {
    refusals = [{ operation: 'RegisterTaskDefinition', status: 400, name: 'AccessDeniedException' }];

    const run = await invoke(batch(pushFirst()));

    expect(run.result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(run.logs.at(-1)?.['error']).toContain('AWS denied ecs:RegisterTaskDefinition on family slipway');
  });

  test('reports the message when its time runs out while AWS goes on throttling', async () => {
    const throttled = { operation: 'DescribeImages', status: 400, name: 'ThrottlingException' };
    refusals = Array.from({ length: 50 }, () => throttled).map((one) => ({ ...one }));

    const run = await invoke(batch(pushFirst()), {}, 2600);

    expect(run.result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    // On a busy machine another call of the same look may be under way too.
    expect(run.logs.at(-1)?.['error']).toMatch(/^OutOfTimeError: .* ran out during ec[rs]:Describe\w+ on /);
  });

  test('does not start with a wrong configuration', async () => {
    const run = await invoke(batch(), { SERVICES: '[]', OUTCOME_TOPIC_ARN: '' });

    expect(run.result).toBeUndefined();
    expect(run.stderr).toContain('OUTCOME_TOPIC_ARN must be the ARN');
    expect(run.stderr).toContain('SERVICES: must name at least one service');
  });
});

/** The same task definition as a later version of ECS might tell it. */
function withNewFields(body: string): string {
  return body
    .replace('"family":', '"newer":{"mode":"x"},"family":')
    .replace('"image":', '"newer":[1],"image":');
}

/** Node's own modules that the SDK imports without the prefix `node:`. */
const NODE = new Set(
  'buffer child_process crypto fs http http2 https os path process stream url util'.split(' '),
);
