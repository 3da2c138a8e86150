import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { straightToTasks } from './send.ts';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on. */
async function gone(): Promise<number> {
  const port = await serve(() => {});
  const server = servers.pop();
  server?.close();
  await once(server as Server, 'close');
  return port;
}

afterEach(() => {
  servers.splice(0).forEach((server) => server.close().closeAllConnections());
});

describe('straightToTasks', () => {
  it('looks again when an address refuses the connection', async () => {
    const [dead, alive] = [await gone(), await serve((_request, response) => response.end('here'))];
    const answers = [[dead], [alive]];
    const send = straightToTasks(() => answers.shift() ?? []);

    expect(await send('/')).toEqual({ status: 200, body: 'here', wasLookedUpAgain: true });
  });

  it('does not look again for every request', async () => {
    const alive = await serve((_request, response) => response.end());
    let lookUps = 0;
    const send = straightToTasks(() => {
      lookUps += 1;
      return [alive];
    });
    await send('/');

    expect(await send('/')).toMatchObject({ wasLookedUpAgain: false });
    expect(lookUps).toBe(1);
  });

  it('fails when there is nobody', async () => {
    const send = straightToTasks(() => []);

    await expect(send('/')).rejects.toThrow('there is no healthy task');
  });

  it('looks again when a connection ends without an answer', async () => {
    const cut = await serve((request) => request.socket.destroy());
    const alive = await serve((_request, response) => response.end('here'));
    const answers = [[cut], [alive]];
    const send = straightToTasks(() => answers.shift() ?? []);

    expect(await send('/')).toEqual({ status: 200, body: 'here', wasLookedUpAgain: true });
  });

  it('does not look again for ever', async () => {
    const cut = await serve((request) => request.socket.destroy());

    await expect(straightToTasks(() => [cut])('/')).rejects.toThrow('socket hang up');
  });

  it('sends nothing again once an answer has begun', async () => {
    let requests = 0;
    const cut = await serve((request, response) => {
      requests += 1;
      response.writeHead(200, { 'Content-Length': 10 });
      response.write('half', () => request.socket.destroy());
    });

    await expect(straightToTasks(() => [cut])('/')).rejects.toThrow('the answer broke off');
    expect(requests).toBe(1);
  });

  it('takes an error for an answer', async () => {
    const broken = await serve((_request, response) => response.writeHead(503).end());

    expect(await straightToTasks(() => [broken])('/')).toMatchObject({
      status: 503,
      wasLookedUpAgain: false,
    });
  });
});
