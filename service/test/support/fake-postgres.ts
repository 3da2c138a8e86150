import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { Duplex } from 'node:stream';
import * as messages from './postgres-messages.ts';

export const AUTHENTICATIONS = ['trust', 'cleartext', 'md5', 'scram'] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];

/**
 * What goes out: bytes, a wait in milliseconds, the same bytes again for as long as the other side reads, the end of
 * the connection, or nothing ever again.
 */
export type Step = Buffer | { waitMs: number } | { forEver: Buffer } | 'close' | 'silence';

/** How a server behaves on one connection. */
export interface Behaviour {
  authentication: Authentication;
  /** What is sent for the message that has this number on its connection, counted from 0. */
  send: (message: Buffer, number: number) => Step[];
}

export const WELL_BEHAVED: Behaviour = { authentication: 'scram', send: (message) => [message] };

const PASSWORD = 'the password of the fake';
const SSL_REQUEST = 80877103;

/**
 * A server that speaks as much of PostgreSQL's protocol as it takes to sign in and to be asked one thing, and that
 * misbehaves as a test wants it. It answers every query with one version and one banner.
 */
export class FakePostgres {
  /** Asked for each new connection, with its number from 0. */
  behaviour: (connection: number) => Behaviour = () => WELL_BEHAVED;
  /** The names that clients asked for over TLS. */
  readonly serverNames: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private count = 0;

  private constructor(private readonly tls: SecureContext | undefined) {
    this.server = createServer((socket) => this.accept(socket));
  }

  static async start(certificate?: { certificate: string; key: string }): Promise<FakePostgres> {
    const tls = certificate && createSecureContext({ cert: certificate.certificate, key: certificate.key });
    const fake = new FakePostgres(tls);
    fake.server.listen(0, '127.0.0.1');
    await once(fake.server, 'listening');
    return fake;
  }

  /** How many connections there have been. */
  get connections(): number {
    return this.count;
  }

  /** How many are open now. */
  get open(): number {
    return this.sockets.size;
  }

  /** The service's `DB_*` variables for this server. */
  variables(overrides: Record<string, string> = {}): Record<string, string> {
    return {
      DB_HOST: '127.0.0.1',
      DB_PORT: String((this.server.address() as AddressInfo).port),
      DB_DATABASE: 'fake',
      DB_USER: 'fake',
      DB_PASSWORD: PASSWORD,
      ...overrides,
    };
  }

  /** Breaks every open connection. */
  cut(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  async stop(): Promise<void> {
    this.server.close();
    this.cut();
    await once(this.server, 'close');
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {}); // the service may drop it at any moment
    const conversation = new Conversation(this.behaviour(this.count++), this.serverNames);
    void conversation
      .hold(socket, this.tls)
      .catch(() => {})
      .finally(() => {
        if (!conversation.isSilent) {
          socket.destroy();
        }
      });
  }
}

class Conversation {
  isSilent = false;
  private sent = 0;
  private stream!: Duplex;
  private bytes = Buffer.alloc(0);
  private chunks!: AsyncIterator<Buffer>;

  constructor(
    private readonly behaviour: Behaviour,
    private readonly serverNames: string[],
  ) {}

  async hold(socket: Socket, tls: SecureContext | undefined): Promise<void> {
    this.readFrom(socket);
    if (!(await this.startup(socket, tls))) {
      return;
    }
    await this.authenticate();
    await this.say(messages.authentication(0));
    await this.say(messages.parameterStatus('server_version', '18.4'));
    await this.say(messages.parameterStatus('client_encoding', 'UTF8'));
    await this.say(messages.backendKeyData());
    await this.say(messages.readyForQuery());
    for (;;) {
      const { code } = await this.hear();
      if (code === 'X') {
        return;
      }
      if (code === 'Q') {
        await this.say(messages.rowDescription('version', 'banner'));
        await this.say(messages.dataRow('18.4', 'PostgreSQL 18.4, a fake'));
        await this.say(messages.commandComplete());
        await this.say(messages.readyForQuery());
      }
    }
  }

  private readFrom(stream: Duplex): void {
    this.stream = stream;
    stream.on('error', () => {});
    this.chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  private async startup(socket: Socket, tls: SecureContext | undefined): Promise<boolean> {
    const first = await this.take((await this.take(4)).readInt32BE() - 4);
    if (first.readInt32BE() !== SSL_REQUEST) {
      return true;
    }
    if (tls === undefined) {
      socket.write('N');
      return false;
    }
    await this.chunks.return?.();
    socket.write('S');
    const SNICallback = (name: string, done: (error: Error | null, context: SecureContext) => void) => {
      this.serverNames.push(name);
      done(null, tls);
    };
    this.readFrom(new TLSSocket(socket, { isServer: true, secureContext: tls, SNICallback }));
    await this.take((await this.take(4)).readInt32BE() - 4);
    return true;
  }

  private async authenticate(): Promise<void> {
    switch (this.behaviour.authentication) {
      case 'trust':
        return;
      case 'cleartext':
        await this.say(messages.authentication(3));
        await this.hear();
        return;
      case 'md5':
        await this.say(messages.authentication(5, randomBytes(4)));
        await this.hear();
        return;
      case 'scram':
        return this.scram();
    }
  }

  /** The server's side of RFC 5802; it does not look at the client's proof. */
  private async scram(): Promise<void> {
    await this.say(messages.authentication(10, Buffer.from('SCRAM-SHA-256\0\0')));
    const clientFirst = (await this.hear()).body.toString().replace(/^[^\0]*\0.{4}/s, '');
    const clientFirstBare = clientFirst.slice('n,,'.length);
    const salt = randomBytes(12);
    const nonce = `${/r=(.*)$/.exec(clientFirstBare)?.[1]}${randomBytes(9).toString('hex')}`;
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=64`;
    await this.say(messages.authentication(11, Buffer.from(serverFirst)));
    await this.hear();
    const salted = pbkdf2Sync(PASSWORD, salt, 64, 32, 'sha256');
    const serverKey = createHmac('sha256', salted).update('Server Key').digest();
    const signed = `${clientFirstBare},${serverFirst},c=biws,r=${nonce}`;
    const signature = createHmac('sha256', serverKey).update(signed).digest('base64');
    await this.say(messages.authentication(12, Buffer.from(`v=${signature}`)));
  }

  private async say(message: Buffer): Promise<void> {
    for (const step of this.behaviour.send(message, this.sent++)) {
      if (step === 'close') {
        throw new Error('the server closes the connection');
      }
      if (step === 'silence') {
        this.isSilent = true;
        throw new Error('the server falls silent');
      }
      if (Buffer.isBuffer(step)) {
        await this.write(step);
      } else if ('waitMs' in step) {
        await delay(step.waitMs);
      } else {
        while (!this.stream.destroyed) {
          await this.write(step.forEver);
        }
      }
    }
  }

  private async write(bytes: Buffer): Promise<void> {
    if (!this.stream.write(bytes)) {
      await Promise.race([once(this.stream, 'drain'), once(this.stream, 'close')]);
    }
  }

  private async hear(): Promise<{ code: string; body: Buffer }> {
    const head = await this.take(5);
    return { code: head.toString('latin1', 0, 1), body: await this.take(head.readInt32BE(1) - 4) };
  }

  private async take(count: number): Promise<Buffer> {
    while (this.bytes.length < count) {
      const { value, done } = await this.chunks.next();
      if (done) {
        throw new Error('the client is gone');
      }
      this.bytes = Buffer.concat([this.bytes, value]);
    }
    const taken = this.bytes.subarray(0, count);
    this.bytes = this.bytes.subarray(count);
    return taken;
  }
}
