import { setTimeout as delay } from 'node:timers/promises';
import type { Send } from './send.ts';

/** How many requests were sent, how many of them failed, and how many needed a second look-up of an address. */
export interface Tally {
  sent: number;
  failed: number;
  lookedUpAgain: number;
}

/** Hears of every answer. */
export interface Listener {
  /** @param label the commit that answered, or the route where the answer names none */
  answered(label: string): void;
  failed(reason: string): void;
}

/** Milliseconds from one request for the version to the next, answered or not. */
const VERSION_MS = 50;
/** Milliseconds from the database's answer to the next question: one at a time, so that no task opens a second connection. */
const CONNECT_MS = 200;

/** Steady load: requests for the version, which tell the commit, and for the database. */
export class Load {
  private tally: Tally = { sent: 0, failed: 0, lookedUpAgain: 0 };
  private readonly sending = new Set<Promise<void>>();
  private readonly ended = new AbortController();
  private loops: Promise<unknown> | undefined;

  constructor(
    private readonly send: Send,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.loops = Promise.all([this.keepAskingForVersion(), this.keepAskingForDatabase()]);
  }

  /** Sends nothing more, and waits for the answers. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.loops;
    await Promise.all(this.sending);
  }

  /** From now on requests count in a tally of their own; returns that of those before. */
  nextTally(): Tally {
    const { tally } = this;
    this.tally = { sent: 0, failed: 0, lookedUpAgain: 0 };
    return tally;
  }

  private async keepAskingForVersion(): Promise<void> {
    let next = performance.now();
    while (!this.ended.signal.aborted) {
      const asked = this.ask('/version').then(() => void this.sending.delete(asked));
      this.sending.add(asked);
      next += VERSION_MS;
      await this.pause(Math.max(0, next - performance.now()));
    }
  }

  private async keepAskingForDatabase(): Promise<void> {
    while (!this.ended.signal.aborted) {
      await this.ask('/connect');
      await this.pause(CONNECT_MS);
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.ended.signal }).catch(() => {});
  }

  private async ask(route: string): Promise<void> {
    const { tally } = this;
    tally.sent += 1;
    try {
      const { status, body, wasLookedUpAgain } = await this.send(route);
      if (status !== 200) {
        throw new Error(`${status} ${body.slice(0, 200)}`);
      }
      tally.lookedUpAgain += wasLookedUpAgain ? 1 : 0;
      const { commit } = JSON.parse(body) as { commit?: string };
      this.listener.answered(commit ?? route);
    } catch (error) {
      tally.failed += 1;
      this.listener.failed(`GET ${route}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
