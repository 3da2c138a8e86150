import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy between the service and its database that fails on demand: it can hold bytes back, swallow them (a
 * black-holed network: nothing comes back, nothing is refused), cut what is open, or refuse what is new.
 */
export class FaultyProxy {
  private readonly sockets = new Set<Socket>();
  private readonly held: (() => void)[] = [];
  private holding = false;
  private swallowing = false;
  private server?: Server;
  private address?: AddressInfo;

  constructor(private readonly targetPort: number) {}

  get port(): number {
    return (this.address as AddressInfo).port;
  }

  async open(): Promise<this> {
    this.server = createServer((client) => this.pass(client));
    this.server.listen(this.address?.port ?? 0, '127.0.0.1');
    await once(this.server, 'listening');
    this.address = this.server.address() as AddressInfo;
    return this;
  }

  /** Keeps back what arrives from now on; `release` passes it on: a slow network, which loses nothing. */
  hold(): void {
    this.holding = true;
  }

  release(): void {
    this.holding = false;
    for (const pass of this.held.splice(0)) {
      pass();
    }
  }

  /** How many pieces are kept back. */
  get heldPieces(): number {
    return this.held.length;
  }

  /** From now on every byte disappears; `false` lets new bytes through again. */
  swallow(on: boolean): void {
    this.swallowing = on;
  }

  /** Breaks every open connection. */
  cut(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  /** Breaks every connection and refuses new ones, until `open`. */
  async refuse(): Promise<void> {
    const closed = once(this.server as Server, 'close');
    this.server?.close();
    this.cut();
    await closed;
  }

  private pass(client: Socket): void {
    const upstream = connect(this.targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk) => {
        if (this.swallowing) return;
        if (this.holding) this.held.push(() => to.write(chunk));
        else to.write(chunk);
      });
      from.on('end', () => {
        if (!this.swallowing) to.end();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        if (!this.swallowing) to.destroy();
      });
    }
  }
}
