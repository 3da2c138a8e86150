import { type BatchResponse, handleBatch } from '../../src/batch.ts';
import { dispatch } from '../../src/dispatch.ts';
import { readEnvelope } from '../../src/events/envelope.ts';
import { createLog } from '../../src/log.ts';
import type { ServedService } from '../../src/model.ts';
import type { Clients } from '../../src/ports/clients.ts';
import { clientsOf, FakeAws, type Fault } from './aws.ts';
import type { FakeEcs } from './ecs.ts';
import { reconcileRequested } from './events.ts';
import type { FakeTasks } from './tasks.ts';
import { View } from './view.ts';

export const SERVED: ServedService = {
  service: 'slipway',
  cluster: 'main',
  repository: 'slipway',
  container: 'api',
  minimumTasks: 2,
  secretArns: ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:database-AbCdEf'],
};

export const SERVED_WITH_COMMAND: ServedService = {
  ...SERVED,
  releaseCommand: {
    subnets: ['subnet-0a1b2c3d'],
    securityGroups: ['sg-0a1b2c3d'],
    assignPublicIp: false,
    timeoutSeconds: 900,
  },
};

export const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:outcomes';

export interface Message {
  messageId: string;
  body: string;
  attributes: { MessageGroupId: string; SentTimestamp: string };
  /** Deliveries in which nothing but the message itself went wrong. */
  receives: number;
  /** What a test wants to remember of it. */
  note?: unknown;
}

/** Clients are dear to make: every world of a file shares them, one world at a time. */
let current: FakeAws | undefined;
let shared: Clients | undefined;
/** What happens just before a registration, after so many others: another run. */
let beforeRegistration: { after: number; other: () => Promise<void> } | undefined;

/**
 * The redeployer between a FIFO queue and the fakes. Models: batches in order, partial batch responses,
 * a response that is lost when the function dies, redelivery, a dead-letter queue after three receives.
 * Two functions at once only so far: a direct invocation between another run's look and its registration.
 * Does not model: visibility timeouts, several groups, deduplication.
 */
export class World {
  readonly fake: FakeAws;
  queue: Message[] = [];
  readonly deadLetters: Message[] = [];
  readonly acknowledged: Message[] = [];
  readonly log: Record<string, unknown>[] = [];
  private counter = 0;

  constructor(
    isHealthy: FakeEcs['isHealthy'] = () => true,
    readonly served = SERVED,
    behaviour: FakeTasks['behaviour'] = () => 'succeeds',
  ) {
    this.fake = new FakeAws(SERVED.service, isHealthy, behaviour);
    current = this.fake;
    beforeRegistration = undefined;
    shared ??= clientsOf(
      () => {
        if (!current) throw new Error('there is no world');
        return current;
      },
      async (operation) => {
        const between = operation === 'RegisterTaskDefinition' ? beforeRegistration : undefined;
        if (!between) return;
        between.after -= 1;
        if (between.after >= 0) return;
        beforeRegistration = undefined;
        await between.other();
      },
    );
  }

  send(event: unknown, note?: unknown): void {
    this.counter += 1;
    const messageId = `m${this.counter}`;
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    const attributes = { MessageGroupId: 'one', SentTimestamp: String(this.fake.now) };
    this.queue.push({ messageId, body, attributes, receives: 0, note });
  }

  /** Delivers the first messages as one batch; a fault strikes the call after so many. Reads are fresh again after it. */
  async deliver(count: number, fault?: { after: number; kind: Fault }): Promise<BatchResponse> {
    const batch = this.queue.slice(0, count);
    this.fake.fault = fault && { ...fault };
    const response = await handleBatch(this.dependencies(), batch);
    this.fake.fault = undefined;
    this.fake.stale = [];
    this.fake.wasBehind.clear();
    beforeRegistration = undefined;
    const answered = !this.fake.dead;
    this.fake.dead = false;
    if (!answered) return response;
    const kept = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const first = batch.find(({ messageId }) => kept.has(messageId));
    if (first && !fault) first.receives += 1;
    const done = batch.filter(({ messageId }) => !kept.has(messageId));
    this.acknowledged.push(...done);
    this.deadLetters.push(...this.queue.filter(({ receives }) => receives >= 3));
    this.queue = this.queue.filter((one) => one.receives < 3 && !done.includes(one));
    return response;
  }

  /** Another run takes place between the next run's look and its registration, or after so many registrations of it. */
  interrupt(run: () => Promise<void>, after = 0): void {
    const other = async () => {
      const { view } = this.fake;
      this.fake.view = new View();
      await run();
      view.broken.push(...this.fake.view.broken);
      this.fake.view = view;
    };
    beforeRegistration = { after, other };
  }

  /** Terraform invokes the redeployer, past the queue; what it throws, Terraform sees. */
  async invoke(): Promise<void> {
    const { log, ...dependencies } = this.dependencies();
    const event = readEnvelope(reconcileRequested());
    await dispatch({ log, ...dependencies }, 'direct', event, this.fake.now).catch((error: unknown) =>
      log.error('the invocation failed', error, {}),
    );
  }

  /** Delivers until the queue is empty. */
  async drain(): Promise<void> {
    while (this.queue.length > 0) await this.deliver(10);
  }

  dependencies() {
    if (!shared) throw new Error('there are no clients');
    const { fake, log } = this;
    return {
      services: [this.served],
      log: createLog(
        (line) => log.push(JSON.parse(line)),
        () => fake.now,
      ),
      aws: {
        clients: shared,
        topicArn: TOPIC,
        signal: new AbortController().signal,
        now: () => fake.now,
        pause: async (milliseconds: number) => void (fake.now += milliseconds),
      },
    };
  }
}

/** A tag of a revision. */
export function tagOf(
  revision: { tags: { key?: string; value?: string }[] } | undefined,
  key: string,
): string {
  return revision?.tags.find((one) => one.key === key)?.value ?? '';
}

/** A commit of 40 digits for a small number. */
export function commitOf(number: number): string {
  return number.toString(16).padStart(2, '0').repeat(20);
}
