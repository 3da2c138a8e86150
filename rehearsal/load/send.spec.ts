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

  it('never sends a request again that was accepted', async () => {
    let accepted = 0;
    const cut = await serve((request) => {
      accepted += 1;
      request.socket.destroy();
    });
    const send = straightToTasks(() => [cut]);

    await expect(send('/')).rejects.toThrow('socket hang up');
    expect(accepted).toBe(1);
  });
});
