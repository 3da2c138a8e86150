import { describe, expect, it } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { Load } from './load.ts';
import type { Answer } from './send.ts';

const answer = (status: number, body: object = {}): Answer => ({
  status,
  body: JSON.stringify(body),
  wasLookedUpAgain: false,
});

/** A promise, and what fulfils it. */
function signalled(): { promise: Promise<void>; give: () => void } {
  const emitter = new EventEmitter();
  return { promise: once(emitter, 'given').then(() => undefined), give: () => void emitter.emit('given') };
}

describe('Load', () => {
  it('counts every request that was sent, and tells who answered', async () => {
    const heard: string[] = [];
    const wanted = signalled();
    let sent = 0;
    const load = new Load(
      async (route) => {
        sent += 1;
        if (sent === 6) {
          wanted.give();
        }
        return answer(200, route === '/version' ? { commit: 'abc' } : {});
      },
      { answered: (label) => heard.push(label), failed: (reason) => heard.push(reason) },
    );
    load.start();
    await wanted.promise;
    await load.stop();

    expect(load.nextTally()).toEqual({ sent, failed: 0, lookedUpAgain: 0 });
    expect(new Set(heard)).toEqual(new Set(['abc', '/connect']));
  });

  it.each([
    ['another status than 200', async () => answer(502)],
    ['an error', () => Promise.reject(new Error('socket hang up'))],
    ['an answer that is not JSON', async () => ({ ...answer(200), body: '<h1>' })],
  ])('counts %s as failed', async (_what, send) => {
    const reasons: string[] = [];
    const wanted = signalled();
    const load = new Load(send, {
      answered: () => {},
      failed: (reason) => {
        reasons.push(reason);
        wanted.give();
      },
    });
    load.start();
    await wanted.promise;
    await load.stop();

    const { sent, failed } = load.nextTally();
    expect(failed).toBe(sent);
    expect(reasons[0]).toMatch(/^GET \/(version|connect): ./);
  });
});
