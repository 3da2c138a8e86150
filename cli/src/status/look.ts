import { setMaxListeners } from 'node:events';
import type { ECSClient, Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Release } from '../../../redeployer/src/model.ts';
import { isPaused } from '../../../redeployer/src/observe.ts';
import { describeTaskDefinition } from '../../../redeployer/src/ports/ecs.ts';
import { describeNewest, listDeployments, taskDefinitionsOf } from '../../../redeployer/src/ports/history.ts';
import { numberOf, readRelease } from '../../../redeployer/src/release.ts';
import type { Environment } from '../environments.ts';
import { describeService, explained, servedService } from './ecs.ts';
import type { Rollout, Running, Status, Why } from './model.ts';
import { judge } from './judge.ts';

/** ECS keeps its history for 90 days. */
const HISTORY_MS = 90 * 24 * 60 * 60 * 1000;
/** ECS describes at most so many deployments in one call. */
const PAGE = 20;

/**
 * Looks at an environment: at the tags of its releases and at ECS's history, for there is no other store.
 * @param most so many deployments are described, the newest.
 * @throws UserError with what to do where AWS does not answer.
 */
export async function look(client: ECSClient, environment: Environment, most: number): Promise<Status> {
  try {
    return await lookAt(client, environment, most);
  } catch (error) {
    throw explained(error, environment);
  }
}

async function lookAt(client: ECSClient, environment: Environment, most: number): Promise<Status> {
  const served = servedService(environment);
  const { signal } = new AbortController();
  // Every call hears of it, and there may be hundreds.
  setMaxListeners(0, signal);
  const service = await describeService(client, environment);
  const listed = await listDeployments(client, served, Date.now() - HISTORY_MS, signal);
  const deployments: ServiceDeployment[] = [];
  for (let start = 0; start < Math.min(most, listed.length); start += PAGE) {
    const page = listed.slice(start, Math.min(start + PAGE, most));
    deployments.push(...(await describeNewest(client, page, signal)));
  }
  const revisions = deployments.flatMap((one) => one.targetServiceRevision?.arn ?? []);
  const targets = await taskDefinitionsOf(client, [...new Set(revisions)], signal);
  const targetOf = (one: ServiceDeployment) => targets.get(one.targetServiceRevision?.arn ?? '') ?? '';

  const releases = new Releases(client, environment.service, signal);
  const newest = await releases.find(environment.service);
  const deployed = new Set([...targets.values(), ...standing(service)]);
  const found = await releases.findAll([...deployed]);
  // A release whose command failed has no deployment: it is found between those that have one.
  const numbers = [...targets.values()].filter((arn) => releases.isOne(arn)).map(numberOf);
  const undeployed = await releases.between(Math.min(...numbers, newest?.number ?? 0), newest, targets);

  const whyOf = reasons([...found.values(), ...undeployed]);
  const rollouts = judge(
    deployments.flatMap((deployment) => {
      const release = found.get(targetOf(deployment));
      return release ? [{ deployment, release, why: whyOf(release) }] : [];
    }),
    undeployed.map((release) => ({ release, why: whyOf(release) })),
    newest?.number,
    service,
  );
  const runs = found.get(running(service, rollouts) ?? '');
  return {
    environment: environment.name,
    account: environment.accountId,
    region: environment.region,
    service: environment.service,
    running: runs ? { ...runningFacts(runs, whyOf(runs)), since: sinceOf(runs.commit, rollouts) } : null,
    tasks: { running: service.runningCount ?? 0, desired: service.desiredCount ?? 0 },
    paused: isPaused(service),
    rollouts,
  };
}

/** The service's releases, read from the tags of their revisions; what somebody else registered is none. */
class Releases {
  private readonly client: ECSClient;
  private readonly service: string;
  private readonly signal: AbortSignal;

  constructor(client: ECSClient, service: string, signal: AbortSignal) {
    this.client = client;
    this.service = service;
    this.signal = signal;
  }

  isOne(arn: string): boolean {
    return arn.includes(`:task-definition/${this.service}:`) || arn.startsWith(`${this.service}:`);
  }

  async find(name: string): Promise<Release | undefined> {
    const definition = await describeTaskDefinition(this.client, name, this.signal);
    try {
      return definition && readRelease(definition, '');
    } catch {
      return undefined;
    }
  }

  /** By the ARN or name that each was asked for; the template, which is no release, is left out. */
  async findAll(names: string[]): Promise<Map<string, Release>> {
    const all = new Map<string, Release>();
    const own = names.filter((name) => this.isOne(name));
    for (let start = 0; start < own.length; start += PAGE) {
      const page = own.slice(start, start + PAGE);
      const releases = await Promise.all(page.map((name) => this.find(name)));
      releases.forEach((release, index) => release && all.set(page[index] ?? '', release));
    }
    return all;
  }

  /** Releases that were never deployed, from a number up to the newest; not those that only keep a memory. */
  async between(
    lowest: number,
    newest: Release | undefined,
    targets: Map<string, string>,
  ): Promise<Release[]> {
    if (!newest) return [];
    const taken = new Set([...targets.values()].map(numberOf));
    const numbers = Array.from({ length: newest.number - lowest + 1 }, (_, index) => lowest + index);
    const names = numbers.filter((one) => !taken.has(one)).map((one) => `${this.service}:${one}`);
    return [...(await this.findAll(names)).values()].filter(({ arn, deployed }) => deployed === arn);
  }
}

/** The task definitions that tasks are of at this moment. */
function standing({ taskDefinition, deployments = [] }: Service): string[] {
  return [taskDefinition, ...deployments.map((one) => one.taskDefinition)].filter((one) => one !== undefined);
}

/** While a rollout is in flight, what serves is what was there before it. */
function running(service: Service, rollouts: Rollout[]): string | undefined {
  const { taskDefinition = '', deployments = [] } = service;
  const coming = rollouts.find(({ outcome }) => outcome === 'in-flight');
  if (coming?.release !== numberOf(taskDefinition)) return taskDefinition;
  return deployments.find((one) => one.taskDefinition !== taskDefinition)?.taskDefinition;
}

function runningFacts(release: Release, why: Why): Omit<Running, 'since'> {
  return { commit: release.commit, release: release.number, why, template: release.template };
}

/** Why each release was made: its cause, unless it only restarts, or takes over the template for, the one before. */
function reasons(releases: Release[]): (release: Release) => Why {
  const byNumber = releases.toSorted((one, other) => one.number - other.number);
  return (release) => {
    if (release.restarts) return 'restart';
    const before = byNumber.findLast(({ number }) => number < release.number);
    const keeps = before?.commit === release.commit && before.releasedAt === release.releasedAt;
    return keeps && before.template !== release.template ? 'template' : release.cause;
  };
}

/** The end of the first of the completed rollouts in a row that brought this commit. */
function sinceOf(commit: string, rollouts: Rollout[]): string | null {
  let since: string | null = null;
  for (const one of rollouts.filter(({ outcome }) => outcome === 'completed')) {
    if (one.commit !== commit) break;
    since = one.endedAt;
  }
  return since;
}
