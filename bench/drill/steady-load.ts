import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** One request and what came of it. */
export interface Sent {
  route: string;
  /** Milliseconds on the clock of `performance.now()`. */
  sentAt: number;
  tookMs: number;
  /** The status, or 0 where there was no answer in full. */
  status: number;
  body: string;
  /** Whether a problem of the service's own said why and when to come back: what it guarantees of a 503. */
  isDocumented: boolean;
}

/** Longer than any answer may take: whoever waits so long has been left hanging. */
const GIVE_UP_MS = 8000;
const ROUTES = ['/', '/connect'];
const PER_SECOND = 100;

/** Sends requests at an even pace over kept connections, whether or not the ones before were answered. */
export class SteadyLoad {
  readonly sent: Sent[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly pending = new Set<Promise<void>>();
  private isOn = true;
  private readonly sending = this.keepSending();

  constructor(private readonly url: string) {}

  /** Stops, and waits for the last answers. */
  async stop(): Promise<void> {
    this.isOn = false;
    await this.sending;
    await Promise.all(this.pending);
    this.agent.destroy();
  }

  private async keepSending(): Promise<void> {
    const startedAt = performance.now();
    for (let count = 0; this.isOn; count += 1) {
      await delay(Math.max(0, startedAt + (count * 1000) / PER_SECOND - performance.now()));
      const request = this.send(ROUTES[count % ROUTES.length] as string);
      this.pending.add(request);
      void request.finally(() => this.pending.delete(request));
    }
  }

  private async send(route: string): Promise<void> {
    const sentAt = performance.now();
    const answer = await this.ask(route).catch(() => NO_ANSWER);
    this.sent.push({ route, sentAt, tookMs: performance.now() - sentAt, ...answer });
  }

  private ask(route: string): Promise<typeof NO_ANSWER> {
    return new Promise((resolve, reject) => {
      const { agent } = this;
      const signal = AbortSignal.timeout(GIVE_UP_MS);
      get(new URL(route, this.url), { agent, signal }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        answer.on('error', reject).on('end', () => {
          const { statusCode: status = 0, headers } = answer;
          const isDocumented =
            headers['content-type'] === 'application/problem+json; charset=utf-8' &&
            /"code":"(DB_[A-Z_]+|SHUTTING_DOWN)"/.test(body) &&
            Number(headers['retry-after']) > 0;
          resolve({ status, body, isDocumented });
        });
      }).on('error', reject);
    });
  }
}

const NO_ANSWER = { status: 0, body: '', isDocumented: false };
