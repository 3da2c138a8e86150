import assert from 'node:assert/strict';
import type { CommandEnd, CommandOutcome, Outcome, RolloutOutcome } from '../../src/model.ts';
import type { Fault, Staleness } from './aws.ts';
import type { Clock } from './clock.ts';
import { type Revision, type RolloutDetail, type ServiceDeploymentRecord, templateOf } from './ecs.ts';
import {
  pushed,
  releaseRequested,
  restartRequested,
  rolloutChanged,
  rotated,
  scheduled,
  taskChanged,
} from './events.ts';
import type { Behaviour, TaskRecord } from './tasks.ts';
import { commitOf, type Message, SERVED, SERVED_WITH_COMMAND, tagOf, World } from './world.ts';

interface Fate {
  lost: boolean;
  twice: boolean;
}

/** One thing that happens in a history. */
export type Step =
  | ({ type: 'push'; healthy: boolean; command: Behaviour } & Fate)
  | { type: 'template'; healthy: boolean }
  | { type: 'command template'; healthy: boolean }
  | ({ type: 'request'; which: number; ahead: boolean } & Fate)
  | ({ type: 'restart'; rotation: boolean } & Fate)
  | { type: 'expire' }
  | { type: 'deregister' }
  | { type: 'noise'; which: number }
  | { type: 'schedule' }
  | { type: 'reorder'; one: number; other: number }
  | { type: 'wait'; ms: number }
  | { type: 'forget' }
  | { type: 'pause' }
  | { type: 'resume' }
  | ({ type: 'advance' } & Fate)
  | ({ type: 'advance task' } & Fate)
  | ({ type: 'deliver'; count: number } & Delivery);

/** What goes wrong while messages are delivered. */
interface Delivery {
  fault: { after: number; kind: Fault } | null;
  stale: Staleness[];
  /**
   * Terraform invokes the redeployer between a run's look and its registration, or the messages are delivered
   * between that of the invocation.
   */
  direct: 'within' | 'around' | null;
}

/** What holds in a history from its beginning to its end. */
export interface Setting {
  skew: Record<Clock, number>;
  updatedAt: 'start' | 'event';
  /** Whether the service has a release command. */
  command: boolean;
}

/** What a message was sent for; the redeployer never sees it. */
type Note = { type: 'request'; commit: string; at: number } | { type: 'restart'; sent: number } | End;

/** How a rollout, or the way back from it, really ended. */
interface End {
  type: 'outcome';
  commit: string;
  outcome: RolloutOutcome['outcome'];
  /** The ARN of the service deployment. */
  deployment: string;
}

interface Commit {
  commit: string;
  at: number;
  healthy: boolean;
  command: Behaviour;
}

const DAY = 24 * 60 * 60 * 1000;
/** No step of a rollout is quicker: far longer than clocks are apart. */
const ROLLOUT = 30_000;
/** Longer than a release command may take, and than ECS keeps a task that stopped. */
const LONG = 2 * 60 * 60 * 1000;

const TEMPLATE = `${SERVED.service}-template`;
const COMMAND_TEMPLATE = `${SERVED.service}-release-command-template`;

/**
 * Lives through a history and says what must be true of it. What should run is computed here from the
 * pushes and requests alone, without a word of the redeployer's own rules.
 */
export class History {
  private readonly commits: Commit[] = [];
  private readonly sickTemplates = new Set<string>();
  private readonly expired = new Set<string>();
  private readonly sent: Note[] = [];
  private readonly requests: Extract<Note, { type: 'request' }>[] = [];
  private readonly restarts: Extract<Note, { type: 'restart' }>[] = [];
  private readonly ends: (End & { lost: boolean })[] = [];
  /** Tasks that had stopped when ECS forgot them. */
  private readonly forgotten = new Set<string>();
  private readonly world: World;

  constructor({ skew, updatedAt, command }: Setting) {
    const commitIn = (revision: Revision) =>
      this.commits.find((one) => one.commit === tagOf(revision, 'commit'));
    this.world = new World(
      (revision) => (commitIn(revision)?.healthy ?? false) && !this.sickTemplates.has(templateOf(revision)),
      command ? SERVED_WITH_COMMAND : SERVED,
      (revision) =>
        this.sickTemplates.has(templateOf(revision)) ? 'fails' : (commitIn(revision)?.command ?? 'fails'),
    );
    const { fake } = this.world;
    Object.assign(fake.skew, skew);
    fake.ecs.updatedAt = updatedAt;
  }

  async take(step: Step): Promise<void> {
    const { fake } = this.world;
    fake.now += 200;
    switch (step.type) {
      case 'push': {
        const commit = commitOf(this.commits.length + 1);
        const at = fake.at('images');
        this.commits.push({ commit, at, healthy: step.healthy, command: step.command });
        fake.ecr.push(commit, at);
        return this.send(pushed(commit, fake.at('events')), step);
      }
      case 'template':
        fake.ecs.changeTemplate();
        if (!step.healthy) this.sickTemplates.add(this.newest(TEMPLATE));
        return;
      case 'command template':
        fake.ecs.changeTemplate(COMMAND_TEMPLATE);
        if (!step.healthy) this.sickTemplates.add(this.newest(COMMAND_TEMPLATE));
        return;
      case 'request': {
        const asked = this.commits[step.which % Math.max(1, this.commits.length)];
        if (!asked) return;
        // Two requests of one second have no order that could be checked.
        fake.now += 1000;
        const at = fake.at('events') + (step.ahead ? DAY : 0);
        // A request never counts from later than now.
        const note: Note = { type: 'request', commit: asked.commit, at: seconds(Math.min(at, fake.now)) };
        return this.send(releaseRequested(asked.commit, at), step, note);
      }
      case 'restart': {
        const note: Note = { type: 'restart', sent: fake.now };
        const secret = SERVED.secretArns[0] ?? '';
        const at = fake.at('events');
        const event = step.rotation ? rotated(secret, at) : restartRequested(at);
        return this.send(event, step, note);
      }
      case 'expire':
        return this.expire();
      case 'deregister':
        return this.deregister();
      case 'noise': {
        const now = fake.at('events');
        const foreign = { eventName: 'SERVICE_DEPLOYMENT_COMPLETED', deploymentId: 'ecs-svc/0', reason: '' };
        const noise = [
          pushed('', now),
          pushed('latest', now),
          pushed(commitOf(1), now, 'another'),
          pushed(commitOf(1), now, 'slipway', 'FAILURE'),
          // A service of the same name in another account.
          rolloutChanged({ ...foreign, updatedAt: new Date(now).toISOString() }, now, '999988887777'),
        ];
        return this.world.send(noise[step.which]);
      }
      case 'schedule':
        return this.world.send(scheduled(fake.now));
      case 'reorder':
        return this.reorder(step.one, step.other);
      case 'wait':
        fake.now += step.ms;
        return;
      case 'forget':
        fake.now += LONG;
        for (const { arn, ended } of fake.tasks.all) if (ended !== undefined) this.forgotten.add(arn);
        return;
      case 'pause':
        fake.ecs.pause();
        return;
      case 'resume':
        fake.ecs.resume();
        return;
      case 'advance':
        return this.advance(step);
      case 'advance task':
        return this.advanceTask(step);
      case 'deliver':
        return this.deliver(step.count, step);
    }
  }

  /** No more faults, and no pause: the queue empties, ECS comes to rest, the schedule triggers the redeployer. */
  async settle(): Promise<void> {
    const kept = { lost: false, twice: false };
    const { fake } = this.world;
    const { ecs, tasks } = fake;
    ecs.resume();
    for (let round = 0; round < 30; round += 1) {
      const before = ecs.updates.length + tasks.all.length;
      this.world.send(scheduled(fake.now));
      while (this.world.queue.length > 0) await this.deliver(10);
      while (ecs.inFlight()) this.advance(kept);
      // One that hangs goes on only when it has been stopped.
      for (let step = 0; step < 3; step += 1) this.advanceTask(kept);
      if (tasks.inFlight()) fake.now += LONG;
      while (this.world.queue.length > 0) await this.deliver(10);
      const isQuiet = !ecs.inFlight() && !tasks.inFlight();
      if (ecs.updates.length + tasks.all.length === before && isQuiet) return;
    }
    assert.fail('it never became quiet');
  }

  assessEnd(): void {
    this.assessWhatRuns();
    this.assessNothingTwice();
    this.assessNothingLost();
    this.assessRestarts();
    this.assessCommands();
    assert.deepEqual(
      this.world.fake.view.broken,
      [],
      'no write on a view that contradicts itself, and no start in a pause',
    );
  }

  /** Every decision that was logged. */
  decisions(): string[] {
    const decided = this.world.log.filter(({ message }) => message === 'decided');
    return decided.map(({ decision }) => String(decision));
  }

  private assessWhatRuns(): void {
    const { ecs, tasks } = this.world.fake;
    const running = ecs.running();
    const desired = this.desired(this.requests);
    const good = ecs.history.findLast(({ status }) => status === 'SUCCESSFUL');
    assert.equal(running, good && ecs.revisionOf(good.target), 'it stands on the last completed deployment');
    if (desired === undefined) return assert.equal(ecs.updates.length, 0, 'nothing was released');
    // A request that was registered and then refused, for its image had gone, holds off everything before it.
    if (this.world.deadLetters.some(({ messageId }) => this.refused(messageId))) return;
    // Its image had gone before the service ever ran: the next push starts it.
    if (this.expired.has(desired) && tagOf(running, 'commit') === '') return;
    const failed = ecs.history
      .filter(({ back }) => back !== undefined)
      .map(({ target }) => ecs.revisionOf(target));
    const desiredFailed =
      failed.some((one) => tagOf(one, 'commit') === desired) ||
      this.failedTasks().some((one) => tasks.tagOf(one, 'commit') === desired);
    assert.ok(tagOf(running, 'commit') === desired || desiredFailed, `${desired} runs, or it failed`);
    const template = this.newest(TEMPLATE);
    // A release of it may have failed before its rollout.
    const templateFailed =
      failed.some((one) => templateOf(one) === template) ||
      this.given('failed').some((one) => templateOf(one) === template);
    assert.ok(templateOf(running) === template || templateFailed, 'so does the newest template');
  }

  private assessNothingTwice(): void {
    const { ecs } = this.world.fake;
    const restarts = this.sent.filter(({ type }) => type === 'restart').length;
    // A restart is repeated for what a rollout that failed went back to.
    const renewed = restarts * (1 + this.commits.length + this.sent.length);
    const deployed = new Set(ecs.updates.map(({ taskDefinition }) => taskDefinition));
    assert.equal(ecs.updates.length, deployed.size, 'no revision is deployed twice');
    const counts = new Map<string, number>();
    for (const arn of deployed) {
      const revision = ecs.find(arn);
      const key = `${tagOf(revision, 'commit')} ${templateOf(revision)} ${tagOf(revision, 'command-template')}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, count] of counts) {
      const asked = this.sent.filter((note) => note.type === 'request' && key.startsWith(note.commit)).length;
      assert.ok(
        count <= 1 + asked + renewed,
        `${key} is released once, and once a request: ${count} > 1 + ${asked}`,
      );
    }
    for (const { desiredCount, ran } of ecs.updates) {
      assert.ok(desiredCount === undefined || !ran, 'only a first start sets the count');
    }
  }

  private assessNothingLost(): void {
    for (const { messageId } of this.world.deadLetters) {
      const told = this.refused(messageId);
      assert.ok(
        told && this.expired.has(told),
        'only for a commit that is gone a message becomes a dead letter',
      );
    }
    const published = this.published().filter((one): one is RolloutOutcome => !('phase' in one));
    const told = new Set(published.map(nameOf));
    for (const { note } of this.world.acknowledged) {
      if (!isNote(note) || note.type !== 'outcome' || note.commit === '') continue;
      assert.ok(told.has(nameOf(note)), `${nameOf(note)} was published`);
    }
    const really = new Set(this.ends.map(nameOf));
    for (const one of told) assert.ok(really.has(one), `${one} was told and really ended so`);
  }

  /** No rollout before the command succeeded; one at a time, and none for nothing; each failure told. */
  private assessCommands(): void {
    const { ecs, tasks } = this.world.fake;
    const told = this.published().filter((one): one is CommandOutcome => 'phase' in one);
    assert.deepEqual(tasks.broken, [], 'one at a time, and none for what has succeeded');
    if (!this.world.served.releaseCommand) return assert.equal(tasks.all.length, 0, 'none without a command');
    const commandTemplate = this.newest(COMMAND_TEMPLATE);
    for (const { taskDefinition, at } of ecs.updates) {
      const commit = tagOf(ecs.find(taskDefinition), 'commit');
      const before = tasks.all.filter(
        (one) => tasks.tagOf(one, 'commit') === commit && hasSucceeded(one) && (one.ended ?? Infinity) <= at,
      );
      assert.ok(before.length > 0, `the command of ${commit} succeeded before its rollout`);
    }
    for (const failed of this.failedTasks()) {
      const found = told.find(({ task }) => task === failed.arn);
      assert.ok(
        found || this.forgotten.has(failed.arn),
        `that ${failed.arn} failed was told, or ECS forgot it`,
      );
      if (!found) continue;
      const { commit, exitCode, logStream } = found;
      assert.equal(commit, tasks.tagOf(failed, 'commit'));
      assert.equal(exitCode, failed.exitCode);
      assert.equal(logStream, `release-command/api/${failed.arn.slice(failed.arn.lastIndexOf('/') + 1)}`);
    }
    const failedArns = this.failedTasks().map(({ arn }) => arn);
    for (const { task } of told) assert.ok(failedArns.includes(task), `${task} was told and really failed`);
    for (const revision of this.given('failed')) {
      const own = this.failedTasks().find((one) => tasks.tagOf(one, 'commit') === tagOf(revision, 'commit'));
      assert.ok(own, 'what is kept as failed has failed');
    }
    const running = ecs.running();
    if (tagOf(running, 'commit') === '') return;
    const tried =
      this.given('failed').some((one) => this.isOf(one, commandTemplate)) ||
      ecs.history.some(({ back, target }) => back && this.isOf(ecs.revisionOf(target), commandTemplate));
    assert.ok(this.isOf(running, commandTemplate) || tried, 'the newest command template was run, or failed');
  }

  private isOf(revision: Revision | undefined, commandTemplate: string): boolean {
    return tagOf(revision, 'command-template') === commandTemplate;
  }

  private published(): Outcome[] {
    return this.world.fake.published.map((message): Outcome => JSON.parse(message));
  }

  private failedTasks(): TaskRecord[] {
    return this.world.fake.tasks.all.filter((one) => one.ended !== undefined && !hasSucceeded(one));
  }

  /** The releases that keep this end of their command. */
  private given(end: CommandEnd): readonly Revision[] {
    const releases = this.world.fake.ecs.state.families.get(SERVED.service) ?? [];
    return releases.filter((one) => tagOf(one, 'release-command') === end);
  }

  /** What serves at the end began after each restart, or was tried after it and failed, which was told. */
  private assessRestarts(): void {
    const { ecs } = this.world.fake;
    const serving = ecs.history.findLast(({ status }) => status === 'SUCCESSFUL');
    if (!serving || tagOf(ecs.running(), 'commit') === '') return;
    for (const { sent } of this.restarts) {
      const tried = ecs.history.filter(
        (one) => one.begun >= sent && one.back !== undefined && this.isSame(one, serving),
      );
      const told = this.ends.some(
        ({ deployment, outcome, lost }) =>
          tried.some(({ arn }) => arn === deployment) &&
          outcome === 'FAILED' &&
          (lost || this.wasTold(deployment)),
      );
      assert.ok(serving.begun >= sent || told, 'what serves began after the restart that was acknowledged');
    }
  }

  /** The commit without an image that a message was refused for. */
  private refused(messageId: string): string | undefined {
    const lines = this.world.log.filter(
      (line) => line['level'] === 'error' && line['messageId'] === messageId,
    );
    return lines
      .map(({ error }) => /has no image of commit ([0-9a-f]{40})/.exec(String(error))?.[1])
      .find(Boolean);
  }

  private isSame(one: ServiceDeploymentRecord, other: ServiceDeploymentRecord): boolean {
    const { ecs } = this.world.fake;
    const [first, second] = [ecs.revisionOf(one.target), ecs.revisionOf(other.target)];
    return tagOf(first, 'commit') === tagOf(second, 'commit') && templateOf(first) === templateOf(second);
  }

  private wasTold(deployment: string): boolean {
    return this.world.acknowledged.some(
      ({ note }) => isNote(note) && note.type === 'outcome' && note.deployment === deployment,
    );
  }

  /** The commit that ought to run: the last push after the latest request, or else the one asked for. */
  private desired(requests: { commit: string; at: number }[]): string | undefined {
    const latest = requests.reduce<{ commit: string; at: number } | undefined>(
      (best, one) => (best && best.at >= one.at ? best : one),
      undefined,
    );
    const since = this.commits.filter(({ at }) => latest === undefined || seconds(at) > latest.at);
    return since.at(-1)?.commit ?? latest?.commit;
  }

  private async deliver(count: number, { fault, stale, direct }: Partial<Delivery> = {}): Promise<void> {
    const { world } = this;
    const { ecs } = world.fake;
    const seen = { updates: ecs.updates.length, acknowledged: world.acknowledged.length };
    const known = [...this.requests];
    world.fake.stale = (stale ?? []).map((one) => ({ ...one }));
    if (direct === 'within' && !fault) world.interrupt(() => world.invoke());
    if (direct === 'around' && !fault) await this.invokeAround(count);
    else await world.deliver(count, fault ?? undefined);
    for (const { note } of world.acknowledged.slice(seen.acknowledged)) this.acknowledge(note);
    // Of the requests in flight any may have been carried out; those acknowledged before bind for sure.
    const latest = Math.max(-Infinity, ...known.map(({ at }) => at));
    const binding = known.find(({ at }) => at === latest);
    if (!binding) return;
    const open = world.queue.map(({ note }) => note).concat(this.requests);
    for (const { taskDefinition, from } of ecs.updates.slice(seen.updates)) {
      const commit = tagOf(ecs.find(taskDefinition), 'commit');
      const newer = this.commits.some((one) => one.commit === commit && seconds(one.at) > binding.at);
      const asked = open.some(
        (note) => isNote(note) && note.type === 'request' && note.commit === commit && note.at >= binding.at,
      );
      const kept = commit === tagOf(ecs.find(from), 'commit');
      assert.ok(newer || asked || kept, 'no image older than a request is released after it');
    }
  }

  private async invokeAround(count: number): Promise<void> {
    let delivered = false;
    const deliver = async () => {
      delivered = true;
      await this.world.deliver(count);
    };
    this.world.interrupt(deliver);
    await this.world.invoke();
    if (!delivered) await deliver();
  }

  private acknowledge(note: unknown): void {
    if (!isNote(note)) return;
    if (note.type === 'request') this.requests.push(note);
    if (note.type === 'restart') this.restarts.push(note);
  }

  private advance(fate: Fate): void {
    const { fake } = this.world;
    fake.now += ROLLOUT;
    fake.ecs.advance();
    for (const detail of fake.ecs.events.splice(0)) {
      const end = this.endOf(detail);
      if (end) this.ends.push({ ...end, lost: fate.lost });
      this.send(rolloutChanged(detail, fake.at('events')), fate, end);
    }
  }

  private advanceTask(fate: Fate): void {
    const { fake } = this.world;
    fake.now += ROLLOUT;
    fake.tasks.advance();
    for (const detail of fake.tasks.events.splice(0)) this.send(taskChanged(detail, fake.at('events')), fate);
  }

  private endOf({ eventName }: RolloutDetail): End | undefined {
    const { ecs } = this.world.fake;
    const last = ecs.history.at(-1);
    const state = eventName.replace('SERVICE_DEPLOYMENT_', '');
    if (!last || state === 'IN_PROGRESS') return undefined;
    const outcome = last.status === 'ROLLBACK_SUCCESSFUL' ? 'ROLLED_BACK' : state;
    if (outcome !== 'COMPLETED' && outcome !== 'FAILED' && outcome !== 'ROLLED_BACK') return undefined;
    const commit = tagOf(ecs.revisionOf(last.target), 'commit');
    return { type: 'outcome', commit, outcome, deployment: last.arn };
  }

  /** The oldest image goes, as by a lifecycle rule; the newest two stay. */
  private expire(): void {
    const oldest = this.commits.find(({ commit }) => !this.expired.has(commit));
    if (!oldest || this.commits.length - this.expired.size <= 2) return;
    this.expired.add(oldest.commit);
    this.world.fake.ecr.expire(oldest.commit);
  }

  /** A clean-up script takes the newest release away, which the service runs. */
  private deregister(): void {
    const { ecs } = this.world.fake;
    const runs = ecs.running();
    if (ecs.inFlight() || !runs || runs !== ecs.find(SERVED.service)) return;
    ecs.deregister(ecs.state.taskDefinition);
  }

  private reorder(one: number, other: number): void {
    const { queue } = this.world;
    const [first, second]: (Message | undefined)[] = [queue[one], queue[other]];
    if (!first || !second) return;
    queue[one] = second;
    queue[other] = first;
  }

  private send(event: unknown, { lost, twice }: Fate, note?: Note): void {
    if (note) this.sent.push(note);
    if (lost) return;
    this.world.send(event, note);
    if (twice) this.world.send(event, note);
  }

  private newest(family: string): string {
    return `${family}:${this.world.fake.ecs.find(family)?.definition.revision}`;
  }
}

function nameOf({ commit, outcome, deployment }: Omit<End, 'type'>): string {
  return `${outcome} of ${commit} by ${deployment}`;
}

function hasSucceeded({ exitCode, stopCode }: TaskRecord): boolean {
  return exitCode === 0 && stopCode === 'EssentialContainerExited';
}

function seconds(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function isNote(note: unknown): note is Note {
  return typeof note === 'object' && note !== null && 'type' in note;
}
