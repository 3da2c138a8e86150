import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Balancer } from './balancer.mjs';

/** A target that says its name, and is as healthy as it is told to be. */
class Task {
  isReady = true;
  readonly received: IncomingMessage[] = [];
  readonly held: ServerResponse[] = [];
  isHolding = false;

  private constructor(
    readonly name: string,
    private readonly server: Server,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (request.url === '/health/ready') {
        response.writeHead(this.isReady ? 200 : 503).end();
        return;
      }
      this.received.push(request);
      if (this.isHolding) this.held.push(response);
      else response.end(name);
    });
  }

  static async start(name: string): Promise<Task> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Task(name, server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('the balancer', () => {
  let balancer: Balancer;
  let one: Task;
  let other: Task;
  beforeEach(async () => {
    balancer = await new Balancer({
      healthCheck: {
        path: '/health/ready',
        intervalMs: 20,
        timeoutMs: 1000,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
      deregistrationDelayMs: 500,
    }).listen();
    one = await Task.start('one');
    other = await Task.start('other');
  });
  afterEach(async () => {
    await balancer.close();
    one.stop();
    other.stop();
  });

  const join = async (task: Task) => {
    balancer.register(task.name, task.port);
    await balancer.reached(task.name, 'healthy');
  };
  const ask = async (init?: RequestInit) => fetch(balancer.url, init);
  const answers = async (count: number) => {
    const texts: string[] = [];
    for (let index = 0; index < count; index += 1) {
      texts.push(await (await ask()).text());
    }
    return texts;
  };

  it('answers 503 while there is no target', async () => {
    expect((await ask()).status).toBe(503);
  });

  it('sends to all healthy targets in turn', async () => {
    await join(one);
    await join(other);
    expect((await answers(4)).toSorted()).toEqual(['one', 'one', 'other', 'other']);
  });

  it('sends nothing to a target that has become unhealthy, until it is well again', async () => {
    await join(one);
    await join(other);
    one.isReady = false;
    await balancer.reached('one', 'unhealthy');
    expect(await answers(3)).toEqual(['other', 'other', 'other']);
    one.isReady = true;
    await balancer.reached('one', 'healthy');
    expect(await answers(2)).toContain('one');
  });

  it('sends to unhealthy targets when there is no other', async () => {
    await join(one);
    one.isReady = false;
    await balancer.reached('one', 'unhealthy');
    expect(await answers(1)).toEqual(['one']);
  });

  it('lets a draining target finish, sends it nothing new, and then forgets it', async () => {
    await join(one);
    one.isHolding = true;
    const inFlight = ask();
    while (one.held.length === 0) await new Promise(setImmediate);
    await join(other);
    const drained = balancer.deregister('one');
    expect(await answers(3)).toEqual(['other', 'other', 'other']);
    one.held[0]?.end('late');
    expect(await (await inFlight).text()).toBe('late');
    await drained;
    expect(balancer.targets.map(({ id }) => id)).toEqual(['other']);
  });

  it('answers 502 and does not try again when a target breaks the connection', async () => {
    await join(one);
    one.isHolding = true;
    const answer = ask();
    while (one.held.length === 0) await new Promise(setImmediate);
    one.held[0]?.destroy();
    expect((await answer).status).toBe(502);
    expect(one.received).toHaveLength(1);
  });

  it('says who asked, and keeps what was meant for the connection alone to itself', async () => {
    await join(one);
    await ask({ headers: { 'X-Forwarded-For': '203.0.113.9', TE: 'trailers' } });
    expect(one.received[0]?.headers).toMatchObject({
      'x-forwarded-for': expect.stringMatching(/^203\.0\.113\.9, .*127\.0\.0\.1$/),
      'x-forwarded-proto': 'http',
    });
    expect(one.received[0]?.headers).not.toHaveProperty('te');
  });
});
