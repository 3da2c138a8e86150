import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import { Client, type ClientConfig } from 'pg';
import { checkToken, TokenRefused } from './check-token.ts';
import { MessageStream } from './message-stream.ts';
import type { TaskRoles } from './task-roles.ts';

const SSL_REQUEST = 80877103;
const AUTHENTICATION = 'R';
const CLEARTEXT_PASSWORD = 3;

/**
 * Rules of who may connect, and how, for the PostgreSQL behind it (`pg_hba.conf`): as on RDS it is the server that
 * asks the members of `rds_iam` for a password in clear, and all others as ever.
 */
export const ACCESS_RULES = [
  'host all +rds_iam 127.0.0.1/32 password',
  'host all all      127.0.0.1/32 scram-sha-256',
];

export interface RdsSettings {
  /** What the database is called, and its port where that is not the one it listens on: tokens have to be for both. */
  host: string;
  port?: number;
  region: string;
  certificate: { certificate: string; key: string };
  /** The PostgreSQL behind it, in clear, with ACCESS_RULES; and its superuser. */
  server: ClientConfig & { port: number };
  roles: TaskRoles;
  /** Whether a role's policies allow it `rds-db:connect` as this user. */
  mayConnect: (role: string, user: string) => boolean;
  now?: () => Date;
}

/**
 * What RDS is in front of PostgreSQL: it takes TLS only, and lets a member of `rds_iam` in by a token alone. Such a user
 * has a password all the same, made here, which nobody outside ever hears.
 */
export class SimulatedRds {
  /** Why tokens were refused, the last one last: the client is told nothing of it. */
  readonly refusals: string[] = [];
  private readonly passwords = new Map<string, Promise<string>>();
  private readonly sockets = new Set<Socket>();
  private readonly tls: SecureContext;
  private readonly listener: Server;

  private constructor(private readonly settings: RdsSettings) {
    const { certificate: cert, key } = settings.certificate;
    this.tls = createSecureContext({ cert, key });
    this.listener = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
      this.admit(socket).catch(() => socket.destroy());
    });
  }

  static async open(settings: RdsSettings): Promise<SimulatedRds> {
    const rds = new SimulatedRds(settings);
    rds.listener.listen(0, '127.0.0.1');
    await once(rds.listener, 'listening');
    return rds;
  }

  /** Where it listens on loopback. */
  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.listener.close();
    this.sockets.forEach((socket) => socket.destroy());
    await once(this.listener, 'close');
  }

  private async admit(socket: Socket): Promise<void> {
    const client = await this.encrypt(socket);
    if (client === undefined) {
      return;
    }
    const clientMessages = new MessageStream(client);
    const startup = await clientMessages.takeUncoded();
    const user = userOf(startup);
    let server = await this.begin(startup, client);
    client.write(server.question);
    if (isForPassword(server.question)) {
      const token = (await clientMessages.take()).toString('utf8', 5).replace(/\0$/, '');
      const password = await this.passwordFor(token, user);
      if (password === undefined) {
        client.end(refusal(user));
        return;
      }
      // Anew, for the server may have read what it knows of the user before the password was made.
      server.socket.destroy();
      server = await this.begin(startup, client);
      server.socket.write(message('p', `${password}\0`));
    }
    clientMessages.pipe(server.socket);
    server.messages.pipe(client);
  }

  /** A connection to the server behind, which has said how this user has to sign in. */
  private async begin(startup: Buffer, client: Duplex) {
    const socket = connect(this.settings.server.port, '127.0.0.1');
    client.on('close', () => socket.destroy());
    socket.on('error', () => client.destroy());
    socket.write(startup);
    const messages = new MessageStream(socket);
    return { socket, messages, question: await messages.take() };
  }

  private async encrypt(socket: Socket): Promise<Duplex | undefined> {
    const messages = new MessageStream(socket);
    const request = await messages.takeUncoded();
    if (request.readInt32BE(4) !== SSL_REQUEST) {
      socket.end(fatal('28000', 'no pg_hba.conf entry for host "127.0.0.1", no encryption'));
      return undefined;
    }
    messages.release();
    socket.write('S');
    const encrypted = new TLSSocket(socket, { isServer: true, secureContext: this.tls });
    return encrypted.on('error', () => socket.destroy());
  }

  /** The password that PostgreSQL wants of the user; undefined when the token is not good. */
  private async passwordFor(token: string, user: string): Promise<string | undefined> {
    const { host, port = this.port, region, roles, mayConnect, now = () => new Date() } = this.settings;
    try {
      const endpoint = `${host}:${port}`;
      const role = checkToken(token, {
        user,
        endpoint,
        region,
        now: now(),
        find: (key) => roles.find(key),
      });
      if (!mayConnect(role, user)) {
        throw new TokenRefused(`${role} may not connect as ${user}`);
      }
    } catch (error) {
      this.refusals.push((error as Error).message);
      return undefined;
    }
    const password = this.passwords.get(user) ?? this.makePassword(user);
    this.passwords.set(user, password);
    return password;
  }

  private async makePassword(user: string): Promise<string> {
    const password = randomBytes(30).toString('base64url');
    const client = new Client({ host: '127.0.0.1', ...this.settings.server });
    await client.connect();
    try {
      await client.query(
        `ALTER ROLE ${client.escapeIdentifier(user)} PASSWORD ${client.escapeLiteral(password)}`,
      );
    } finally {
      await client.end();
    }
    return password;
  }
}

function isForPassword(question: Buffer): boolean {
  return (
    question.toString('latin1', 0, 1) === AUTHENTICATION && question.readInt32BE(5) === CLEARTEXT_PASSWORD
  );
}

/** A length, a version, then names and values, each with a zero behind it. */
function userOf(startup: Buffer): string {
  const parts = startup.toString('utf8', 8).split('\0');
  const index = parts.findIndex((part, position) => position % 2 === 0 && part === 'user');
  return parts[index + 1] ?? '';
}

/** As RDS says it, whatever is wrong with a token. */
const refusal = (user: string) => fatal('28000', `PAM authentication failed for user "${user}"`);

function fatal(code: string, text: string): Buffer {
  return message('E', `SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
}

function message(code: string, body: string): Buffer {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length + 4);
  return Buffer.concat([Buffer.from(code), length, bytes]);
}
