import assert from 'node:assert/strict';
import type { Outcome } from '../../src/model.ts';
import type { Fault } from './aws.ts';
import { pushed, releaseRequested, restartRequested, rolloutChanged, rotated, scheduled } from './events.ts';
import { commitOf, type Message, SERVED, tagOf, World } from './world.ts';

interface Fate {
  lost: boolean;
  twice: boolean;
}

/** One thing that happens in a history. */
export type Step =
  | ({ type: 'push'; healthy: boolean } & Fate)
  | { type: 'template'; healthy: boolean }
  | ({ type: 'request'; which: number } & Fate)
  | ({ type: 'restart'; rotation: boolean } & Fate)
  | { type: 'expire' }
  | { type: 'noise'; which: number }
  | { type: 'schedule' }
  | { type: 'reorder'; one: number; other: number }
  | { type: 'wait'; ms: number }
  | ({ type: 'advance' } & Fate)
  | { type: 'deliver'; count: number; fault: { after: number; kind: Fault } | null };

/** What a message was sent for; the redeployer never sees it. */
type Note =
  | { type: 'request'; commit: string; at: number }
  | { type: 'restart'; at: number }
  | { type: 'outcome'; commit: string; outcome: Outcome['outcome']; deployment: string };

interface Commit {
  commit: string;
  at: number;
  healthy: boolean;
}

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
  private readonly world = new World(
    (revision) =>
      this.commits.some(({ commit, healthy }) => healthy && commit === tagOf(revision, 'commit')) &&
      !this.sickTemplates.has(tagOf(revision, 'template')),
  );

  async take(step: Step): Promise<void> {
    const { fake } = this.world;
    fake.now += 200;
    switch (step.type) {
      case 'push': {
        const commit = commitOf(this.commits.length + 1);
        this.commits.push({ commit, at: fake.now, healthy: step.healthy });
        fake.ecr.push(commit, fake.now);
        return this.send(pushed(commit, fake.now), step);
      }
      case 'template':
        fake.ecs.changeTemplate();
        if (!step.healthy) this.sickTemplates.add(this.newestTemplate());
        return;
      case 'request': {
        const asked = this.commits[step.which % Math.max(1, this.commits.length)];
        if (!asked) return;
        // Two requests of one second have no order that could be checked.
        fake.now += 1000;
        const note: Note = { type: 'request', commit: asked.commit, at: seconds(fake.now) };
        return this.send(releaseRequested(asked.commit, fake.now), step, note);
      }
      case 'restart': {
        const note: Note = { type: 'restart', at: seconds(fake.now) };
        const secret = SERVED.secretArns[0] ?? '';
        const event = step.rotation ? rotated(secret, fake.now) : restartRequested(fake.now);
        return this.send(event, step, note);
      }
      case 'expire':
        return this.expire();
      case 'noise': {
        const { now } = fake;
        const noise = [
          pushed('', now),
          pushed('latest', now),
          pushed(commitOf(1), now, 'another'),
          pushed(commitOf(1), now, 'slipway', 'FAILURE'),
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
      case 'advance':
        return this.advance(step);
      case 'deliver':
        return this.deliver(step.count, step.fault ?? undefined);
    }
  }

  /** No more faults: the queue empties, ECS comes to rest, the schedule wakes the redeployer. */
  async settle(): Promise<void> {
    const kept = { lost: false, twice: false };
    for (let round = 0; round < 12; round += 1) {
      const before = this.world.fake.ecs.updates.length;
      this.world.send(scheduled(this.world.fake.now));
      while (this.world.queue.length > 0) await this.deliver(10);
      while (this.world.fake.ecs.inFlight()) this.advance(kept);
      while (this.world.queue.length > 0) await this.deliver(10);
      if (this.world.fake.ecs.updates.length === before && !this.world.fake.ecs.inFlight()) return;
    }
    assert.fail('it never became quiet');
  }

  assessEnd(): void {
    this.assessWhatRuns();
    this.assessNothingTwice();
    this.assessNothingLost();
  }

  /** Every decision that was logged. */
  decisions(): string[] {
    const decided = this.world.log.filter(({ message }) => message === 'decided');
    return decided.map(({ decision }) => String(decision));
  }

  private assessWhatRuns(): void {
    const { ecs } = this.world.fake;
    const running = ecs.running();
    const desired = this.desired(this.requests);
    const good = ecs.history.findLast(({ status }) => status === 'SUCCESSFUL');
    assert.equal(running, good && ecs.revisionOf(good.target), 'it stands on the last completed deployment');
    if (desired === undefined) return assert.equal(ecs.updates.length, 0, 'nothing was released');
    const failed = ecs.history
      .filter(({ back }) => back !== undefined)
      .map(({ target }) => ecs.revisionOf(target));
    const desiredFailed = failed.some((one) => tagOf(one, 'commit') === desired);
    assert.ok(tagOf(running, 'commit') === desired || desiredFailed, `${desired} runs, or it failed`);
    const template = this.newestTemplate();
    const templateFailed = failed.some((one) => tagOf(one, 'template') === template);
    assert.ok(tagOf(running, 'template') === template || templateFailed, 'so does the newest template');
  }

  private assessNothingTwice(): void {
    const { ecs } = this.world.fake;
    const restarts = this.sent.filter(({ type }) => type === 'restart').length;
    const deployed = new Set(ecs.updates.map(({ taskDefinition }) => taskDefinition));
    assert.ok(ecs.updates.length <= deployed.size + restarts, 'no revision is deployed twice unasked');
    const counts = new Map<string, number>();
    for (const arn of deployed) {
      const revision = ecs.find(arn);
      const key = `${tagOf(revision, 'commit')} ${tagOf(revision, 'template')}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, count] of counts) {
      const asked = this.sent.filter((note) => note.type === 'request' && key.startsWith(note.commit)).length;
      assert.ok(count <= 1 + asked, `${key} is released once, and once a request: ${count} > 1 + ${asked}`);
    }
    for (const { desiredCount, from } of ecs.updates) {
      assert.ok(
        desiredCount === undefined || from.includes('-template:'),
        'only a first start sets the count',
      );
    }
  }

  private assessNothingLost(): void {
    for (const { note, messageId } of this.world.deadLetters) {
      const gone = isNote(note) && note.type === 'request' && this.expired.has(note.commit);
      assert.ok(gone, 'only a request for a commit that is gone becomes a dead letter');
      assert.ok(this.world.log.some((line) => line['level'] === 'error' && line['messageId'] === messageId));
    }
    const published = this.world.fake.published.map((message): Outcome => JSON.parse(message));
    for (const { note } of this.world.acknowledged) {
      if (!isNote(note) || note.type !== 'outcome') continue;
      const { commit, outcome, deployment } = note;
      const told = published.some(
        (one) => one.commit === commit && one.outcome === outcome && one.deployment === deployment,
      );
      assert.ok(told, `${outcome} of ${commit} was published`);
    }
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

  private async deliver(count: number, fault?: { after: number; kind: Fault }): Promise<void> {
    const { world } = this;
    const { ecs } = world.fake;
    const seen = { updates: ecs.updates.length, acknowledged: world.acknowledged.length };
    const known = [...this.requests];
    await world.deliver(count, fault);
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

  private acknowledge(note: unknown): void {
    if (!isNote(note)) return;
    if (note.type === 'request') this.requests.push(note);
    if (note.type !== 'restart') return;
    const { ecs } = this.world.fake;
    const ran = tagOf(ecs.running(), 'commit') !== '';
    const begun = ecs.history.some(({ createdAt }) => +createdAt >= note.at);
    assert.ok(!ran || begun, 'a restart that was acknowledged has begun');
  }

  private advance(fate: Fate): void {
    const { fake } = this.world;
    fake.now += 1000;
    fake.ecs.advance();
    const last = fake.ecs.history.at(-1);
    for (const detail of fake.ecs.events.splice(0)) {
      const state = detail.eventName.replace('SERVICE_DEPLOYMENT_', '');
      const outcome = last?.status === 'ROLLBACK_SUCCESSFUL' ? 'ROLLED_BACK' : state;
      const commit = last ? tagOf(fake.ecs.revisionOf(last.target), 'commit') : '';
      const { deploymentId: deployment } = detail;
      const ended = outcome === 'COMPLETED' || outcome === 'FAILED' || outcome === 'ROLLED_BACK';
      const note: Note | undefined = ended ? { type: 'outcome', commit, outcome, deployment } : undefined;
      this.send(rolloutChanged(detail, fake.now), fate, note);
    }
  }

  /** The oldest image goes, as by a lifecycle rule; the newest two stay. */
  private expire(): void {
    const oldest = this.commits.find(({ commit }) => !this.expired.has(commit));
    if (!oldest || this.commits.length - this.expired.size <= 2) return;
    this.expired.add(oldest.commit);
    this.world.fake.ecr.expire(oldest.commit);
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

  private newestTemplate(): string {
    const revision = this.world.fake.ecs.find(`${SERVED.service}-template`)?.definition.revision;
    return `${SERVED.service}-template:${revision}`;
  }
}

function seconds(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function isNote(note: unknown): note is Note {
  return typeof note === 'object' && note !== null && 'type' in note;
}
