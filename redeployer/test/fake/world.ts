import { type BatchResponse, handleBatch } from '../../src/batch.ts';
import { createLog } from '../../src/log.ts';
import type { ServedService } from '../../src/model.ts';
import type { Clients } from '../../src/ports/clients.ts';
import { clientsOf, FakeAws, type Fault } from './aws.ts';
import type { FakeEcs } from './ecs.ts';

export const SERVED: ServedService = {
  service: 'slipway',
  cluster: 'main',
  repository: 'slipway',
  container: 'api',
  minimumTasks: 2,
  secretArns: ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:database-AbCdEf'],
};

export const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:outcomes';

export interface Message {
  messageId: string;
  body: string;
  attributes: { MessageGroupId: string };
  /** Deliveries in which nothing but the message itself went wrong. */
  receives: number;
  /** What a test wants to remember of it. */
  note?: unknown;
}

/** Clients are dear to make: every world of a file shares them, one world at a time. */
let current: FakeAws | undefined;
let shared: Clients | undefined;

/**
 * The redeployer between a FIFO queue and the fakes. Models: batches in order, partial batch responses,
 * a response that is lost when the function dies, redelivery, a dead-letter queue after three receives.
 * Does not model: visibility timeouts, several groups, deduplication, two functions at once.
 */
export class World {
  readonly fake: FakeAws;
  queue: Message[] = [];
  readonly deadLetters: Message[] = [];
  readonly acknowledged: Message[] = [];
  readonly log: Record<string, unknown>[] = [];
  private counter = 0;

  constructor(isHealthy: FakeEcs['isHealthy'] = () => true) {
    this.fake = new FakeAws(SERVED.service, isHealthy);
    current = this.fake;
    shared ??= clientsOf(() => {
      if (!current) throw new Error('there is no world');
      return current;
    });
  }

  send(event: unknown, note?: unknown): void {
    this.counter += 1;
    const messageId = `m${this.counter}`;
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    this.queue.push({ messageId, body, attributes: { MessageGroupId: 'one' }, receives: 0, note });
  }

  /** Delivers the first messages as one batch; a fault strikes the call after so many. */
  async deliver(count: number, fault?: { after: number; kind: Fault }): Promise<BatchResponse> {
    const batch = this.queue.slice(0, count);
    this.fake.fault = fault && { ...fault };
    const response = await handleBatch(this.room(), batch);
    this.fake.fault = undefined;
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

  /** Delivers until the queue is empty. */
  async drain(): Promise<void> {
    while (this.queue.length > 0) await this.deliver(10);
  }

  room() {
    if (!shared) throw new Error('there are no clients');
    const { fake, log } = this;
    return {
      services: [SERVED],
      log: createLog(
        (line) => log.push(JSON.parse(line)),
        () => fake.now,
      ),
      aws: {
        clients: shared,
        topicArn: TOPIC,
        signal: new AbortController().signal,
        now: () => fake.now,
        pause: async () => {},
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
