import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** An answer in full. */
export interface Answer {
  status: number;
  body: string;
  /** Whether the client had to look the address up again, because the one that it knew did not answer. */
  wasLookedUpAgain: boolean;
}

/** Sends one GET request. Rejects when there is no answer in full. */
export type Send = (route: string) => Promise<Answer>;

/** Milliseconds after which a client gives a request up. */
const TIMEOUT_MS = 10_000;
/** Milliseconds for which a client believes in an address. */
const LOOKUP_MS = 1000;
/** Milliseconds between two look-ups of an address that refuses the connection, and how many there are. */
const AGAIN_MS = 100;
const AGAIN = 3;
/** The errors of a connection that was never answered. */
const UNANSWERED = ['ECONNREFUSED', 'ECONNRESET'];

/** A client of a load balancer: it keeps its connections, and tries nothing twice. */
export function throughBalancer(url: string): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return async (route) => ({ ...(await request(new URL(route, url), agent)), wasLookedUpAgain: false });
}

/**
 * A client without a load balancer in front of the tasks: it looks their addresses up, believes in them for a second,
 * takes them in turn, and looks again when one refuses the connection, or ends it without a byte of an answer: as HTTP lets
 * a client do for GET (RFC 9110, section 9.2.2). It cannot know better, for a connection may still wait in the queue of the
 * listener when that is closed. Once an answer has begun, nothing is sent again.
 *
 * @param lookUp the ports of the healthy tasks
 */
export function straightToTasks(lookUp: () => number[]): Send {
  let known: number[] = [];
  let knownSince = -Infinity;
  let turn = 0;
  return async (route) => {
    for (let again = 0; ; again += 1) {
      if (again > 0 || performance.now() - knownSince > LOOKUP_MS || known.length === 0) {
        known = lookUp();
        knownSince = performance.now();
      }
      turn += 1;
      const port = known[turn % known.length];
      try {
        if (port === undefined) {
          throw Object.assign(new Error('there is no healthy task'), { code: 'ECONNREFUSED' });
        }
        const answer = await request(new URL(route, `http://127.0.0.1:${port}`), false);
        return { ...answer, wasLookedUpAgain: again > 0 };
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (!UNANSWERED.includes(code) || again === AGAIN) {
          throw error;
        }
        await delay(AGAIN_MS);
      }
    }
  };
}

function request(url: URL, agent: Agent | false): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    get(url, { agent, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.once('error', (cause) => reject(new Error('the answer broke off', { cause })));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).once('error', reject);
  });
}
