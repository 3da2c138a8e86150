import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stage } from '../stage/stage.ts';
import type { Step } from './step.ts';

const run = promisify(execFile);

/** A place where a secret must not be. */
export interface Text {
  name: string;
  text: string;
}

/** Where one of the secrets is written out, also with the escapes of JSON and of URLs. */
export function findSecrets(secrets: Iterable<string>, texts: Text[]): string[] {
  const forms = [...secrets].flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  return texts.filter(({ text }) => forms.some((form) => text.includes(form))).map(({ name }) => name);
}

export const noSecrets: Step = {
  title: 'look for the secrets in every log, event, published outcome and process list',
  async run(stage) {
    await addOriginSecrets(stage);
    const texts = [
      ...(await filesIn(stage.workspace.logs)),
      ...(await filesIn(stage.workspace.tasks)),
      ...(await cloudWatch(stage)),
      { name: 'events', text: JSON.stringify(await stage.emulator.control('events')) },
      { name: 'outcomes', text: JSON.stringify(await stage.outcomes()) },
      { name: 'the process list', text: (await run('ps', ['-eo', 'args'])).stdout },
      { name: 'the timeline', text: JSON.stringify(stage.timeline.data) },
    ];
    const found = findSecrets(stage.secrets, texts);
    if (found.length > 0) {
      throw new Error(`a secret is written out in ${found.join(', ')}`);
    }
    return `${stage.secrets.size} secrets, ${texts.length} places`;
  },
};

/** What CloudFront shows to the load balancer. */
async function addOriginSecrets(stage: Stage): Promise<void> {
  if (!stage.environment.hasEdge) {
    return;
  }
  const { name } = stage.get('outputs').service;
  const { LoadBalancers } = await stage.aws.call<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    'elbv2',
    'describe-load-balancers',
    '--names',
    name,
  );
  const { Listeners } = await stage.aws.call<{ Listeners: { ListenerArn: string }[] }>(
    'elbv2',
    'describe-listeners',
    '--load-balancer-arn',
    LoadBalancers[0]?.LoadBalancerArn ?? '',
  );
  const { Rules } = await stage.aws.read<{
    Rules: { Conditions: { HttpHeaderConfig?: { Values: string[] } }[] }[];
  }>('elbv2', 'describe-rules', '--listener-arn', Listeners[0]?.ListenerArn ?? '');
  const values = Rules.flatMap(({ Conditions }) =>
    Conditions.flatMap(({ HttpHeaderConfig }) => HttpHeaderConfig?.Values ?? []),
  );
  if (values.length !== 2) {
    throw new Error(`the load balancer knows ${values.length} secrets of CloudFront, not 2`);
  }
  values.forEach((value) => stage.secrets.add(value));
}

async function filesIn(folder: string): Promise<Text[]> {
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') })),
  );
}

async function cloudWatch(stage: Stage): Promise<Text[]> {
  const { logGroups } = await stage.aws.call<{ logGroups: { logGroupName: string }[] }>(
    'logs',
    'describe-log-groups',
  );
  return Promise.all(
    logGroups.map(async ({ logGroupName: name }) => ({
      name,
      text: JSON.stringify(await stage.aws.call('logs', 'filter-log-events', '--log-group-name', name)),
    })),
  );
}
