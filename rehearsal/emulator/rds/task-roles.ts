import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long credentials last, as ECS gives them out. */
const LIFETIME_MS = 6 * 60 * 60_000;

export interface Issued {
  role: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** The endpoint where a task asks for the credentials of its role, and the memory of what it gave out. */
export class TaskRoles {
  /** While it is set, tasks get this status and no credentials. */
  outage: number | undefined;
  private readonly issued = new Map<string, Issued>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const role = decodeURIComponent(request.url?.slice(1) ?? '');
      response.writeHead(this.outage ?? 200, { 'content-type': 'application/json' });
      response.end(this.outage === undefined ? JSON.stringify(this.issue(role)) : '');
    });
  }

  static async start(): Promise<TaskRoles> {
    const roles = new TaskRoles();
    roles.server.listen(0, '127.0.0.1');
    await once(roles.server, 'listening');
    return roles;
  }

  /** What a task of this role has in its environment. */
  variables(role: string): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/${encodeURIComponent(role)}`,
    };
  }

  find(accessKeyId: string): Issued | undefined {
    return this.issued.get(accessKeyId);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private issue(role: string) {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const credentials = {
      role,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(60).toString('base64'),
      expiration: new Date(Date.now() + LIFETIME_MS),
    };
    this.issued.set(accessKeyId, credentials);
    return {
      AccessKeyId: accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Token: credentials.sessionToken,
      Expiration: credentials.expiration.toISOString(),
    };
  }
}
