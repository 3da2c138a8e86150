import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { connection } from './support/connection.ts';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { FaultyProxy } from '@slipway/test-helpers/database/faulty-proxy';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

describe('SIGTERM', () => {
  let database: Database;
  let proxy: FaultyProxy;
  let service: ServiceProcess;
  beforeAll(async () => {
    database = await Database.start();
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    proxy = await new FaultyProxy(database.port).open();
  });
  afterEach(async () => {
    service.kill('SIGKILL');
    await proxy.refuse();
  });

  const start = async (overrides: Record<string, string> = {}) => {
    const variables = database.variables({
      DB_PORT: String(proxy.port),
      DB_CONNECT_TIMEOUT_MS: '60000',
      DB_QUERY_TIMEOUT_MS: '60000',
    });
    service = await ServiceProcess.start({ ...variables, ...overrides });
    await service.connected();
  };
  const ask = async (route: string, agent: Agent) => {
    const [answer] = (await once(get(new URL(route, await service.url()), { agent }), 'response')) as [
      IncomingMessage,
    ];
    const { socket } = answer;
    return { answer, socket, body: await text(answer) };
  };
  const draining = () =>
    eventually(() => expect(service.log()).toContainEqual(expect.objectContaining({ msg: 'draining' })));
  const refusesConnections = () =>
    eventually(async () => {
      expect(await connection(Number(new URL(await service.url()).port))).toBe('refused');
    });

  // The delay is far longer than a client of a busy machine is kept from sending; with none it is 250 ms.
  it('under load no request is lost', async () => {
    await start({ SHUTDOWN_DELAY_MS: '5000' });
    const totals = { sent: 0, answered: 0 };
    let underWay = true;

    /** Sends over one kept connection for as long as the service does not ask it to close. */
    const client = async (route: string) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      let told = false;
      while (!told) {
        totals.sent += 1;
        const { answer, body } = await ask(route, agent);
        expect(answer.statusCode).toBe(200);
        expect(JSON.parse(body)).toBeDefined();
        totals.answered += 1;
        told = answer.headers.connection === 'close';
        expect(told && underWay).toBe(false);
      }
    };
    const clients = Array.from({ length: 20 }, (_, index) => client(index % 2 ? '/' : '/connect'));
    await eventually(() => expect(totals.answered).toBeGreaterThan(400));

    underWay = false;
    service.kill('SIGTERM');
    await Promise.all(clients);
    expect(await service.exit()).toEqual({ code: 0, signal: null });
    expect(totals.answered).toBe(totals.sent);
  });

  it('keeps serving new connections during the delay, and is not ready', async () => {
    await start({ SHUTDOWN_DELAY_MS: '1500' });
    expect((await service.get('/health/ready')).status).toBe(200);
    service.kill('SIGTERM');
    await draining();
    const ready = await service.get('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.headers.get('connection')).toBe('close');
    expect(await ready.json()).toMatchObject({ code: 'SHUTTING_DOWN' });
    expect((await service.get('/health/live')).status).toBe(200);
    expect((await service.get('/connect')).status).toBe(200);
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });

  it('finishes the request in flight, tells its client to close, and takes no new connection', async () => {
    await start();
    const agent = new Agent({ keepAlive: true });
    await ask('/connect', agent);
    proxy.hold();
    const inFlight = ask('/connect', agent);
    await eventually(() => expect(proxy.heldPieces).toBe(1));
    service.kill('SIGTERM');
    await draining();
    await refusesConnections();
    proxy.release();
    const { answer } = await inFlight;
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.connection).toBe('close');
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });

  it('closes idle connections', async () => {
    await start();
    const agent = new Agent({ keepAlive: true });
    const { socket } = await ask('/', agent);
    const closed = once(socket, 'close');
    service.kill('SIGTERM');
    await closed;
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });

  it('closes a kept connection whose response was already under way', async () => {
    await start();
    const { hostname, port } = new URL(await service.url());
    const slowReader = connect({ host: hostname, port: Number(port) });
    slowReader.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(slowReader, 'readable');
    service.kill('SIGTERM');
    await draining();
    let received = '';
    slowReader.setEncoding('latin1').on('data', (chunk) => (received += chunk));
    await once(slowReader, 'close');
    const [head = '', body] = received.split('\r\n\r\n', 2);
    expect(head).toContain('Connection: keep-alive');
    expect(received.length - head.length - 4).toBe(Number(/Content-Length: (\d+)/i.exec(head)?.[1]));
    expect(body).not.toBe('');
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });

  it('waits for nobody who pipelined requests and went away', async () => {
    await start();
    const { hostname, port } = new URL(await service.url());
    const client = connect({ host: hostname, port: Number(port) });
    client.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
    await once(client, 'readable');
    client.destroy();
    await eventually(() => expect(service.output).toContain('the client went away'));
    service.kill('SIGTERM');
    await draining();
    expect(service.log()).toContainEqual(expect.objectContaining({ msg: 'draining', inFlight: 0 }));
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });

  it('cuts off what does not finish within SHUTDOWN_TIMEOUT_MS, and says so', async () => {
    await start({ SHUTDOWN_TIMEOUT_MS: '300' });
    const agent = new Agent({ keepAlive: true });
    await ask('/connect', agent);
    proxy.hold();
    const inFlight = ask('/connect', agent);
    const outcome = inFlight.catch((error: Error) => error.message);
    await eventually(() => expect(proxy.heldPieces).toBe(1));
    service.kill('SIGTERM');
    expect(await outcome).toBe('socket hang up');
    expect(await service.exit()).toEqual({ code: 0, signal: null });
    expect(service.log()).toContainEqual(expect.objectContaining({ level: 'warn', inFlight: 1 }));
  });

  it('ends the pool: no connection to the database is left', async () => {
    await start();
    expect((await service.get('/connect')).status).toBe(200);
    expect(await database.backends()).toBeGreaterThan(0);
    await service.stop();
    await eventually(async () => expect(await database.backends()).toBe(0));
  });

  it('SIGINT does the same', async () => {
    await start();
    service.kill('SIGINT');
    expect(await service.exit()).toEqual({ code: 0, signal: null });
  });
});
