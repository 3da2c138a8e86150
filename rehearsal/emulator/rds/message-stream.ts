import type { Duplex, Readable } from 'node:stream';

/** Takes PostgreSQL's messages from a connection one by one, and then lets the rest of it flow. */
export class MessageStream {
  private held = Buffer.alloc(0);
  private notify: () => void = () => {};
  private hasEnded = false;
  private readonly hold = (bytes: Buffer) => {
    this.held = Buffer.concat([this.held, bytes]);
    this.notify();
  };
  private readonly end = () => {
    this.hasEnded = true;
    this.notify();
  };

  constructor(private readonly stream: Readable) {
    stream.on('data', this.hold).on('close', this.end).on('error', this.end);
  }

  /** A message whose code comes first. */
  take(): Promise<Buffer> {
    return this.takeAfter(1);
  }

  /** One of the first messages of a client, which have no code. */
  takeUncoded(): Promise<Buffer> {
    return this.takeAfter(0);
  }

  /** Gives the connection back; nothing more may have come. */
  release(): void {
    this.stream.off('data', this.hold).off('close', this.end).off('error', this.end).pause();
  }

  /** Passes on what is there, and all that comes. */
  pipe(target: Duplex): void {
    this.release();
    target.write(this.held);
    this.stream.pipe(target);
  }

  private async takeAfter(start: number): Promise<Buffer> {
    await this.has(start + 4);
    const end = start + this.held.readInt32BE(start);
    await this.has(end);
    const taken = this.held.subarray(0, end);
    this.held = this.held.subarray(end);
    return taken;
  }

  private async has(count: number): Promise<void> {
    while (this.held.length < count) {
      if (this.hasEnded) {
        throw new Error('the connection ended');
      }
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
  }
}
