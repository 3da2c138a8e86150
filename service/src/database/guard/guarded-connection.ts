import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Connection, type ClientConfig } from 'pg';
import { Conversation } from './conversation.ts';
import { MessageReader } from './message-reader.ts';
import { ProtocolError } from './protocol.error.ts';
import { expectWellFormed } from './well-formed.ts';

/** What `Connection` of pg 8 has beside what its types say. */
declare module 'pg' {
  interface Connection {
    attachListeners(stream: EventEmitter): void;
    upgradeToSSL(host: string, reportStreamError: (error: Error) => void): void;
  }
}

/**
 * pg throws what it cannot read out of the socket's `data` event, where nobody can catch it and the process ends. Here
 * each message is looked at before pg sees it, alone, and whatever is thrown while it is read ends the connection with
 * that error: what waits for the connection is rejected with it.
 */
export class GuardedConnection extends Connection {
  private readonly conversation = new Conversation();

  declare readonly stream: Socket;

  constructor(config: Pick<ClientConfig, 'ssl' | 'keepAlive' | 'keepAliveInitialDelayMillis'>) {
    super(config);
    // pg leaves the socket of some failures open, for the server to close it or not.
    this.on('error', () => this.stream.destroy());
  }

  override attachListeners(stream: EventEmitter): void {
    const reader = new MessageReader();
    // pg's parser reads from here, a whole message at a time; `stream` is the socket, or the TLS over it.
    super.attachListeners({
      on: (event: string, listener: (bytes: Buffer) => void) =>
        stream.on(event, event === 'data' ? (piece: Buffer) => this.read(reader, piece, listener) : listener),
    } as EventEmitter);
  }

  private read(reader: MessageReader, piece: Buffer, parse: (bytes: Buffer) => void): void {
    try {
      for (const message of reader.read(piece)) {
        expectWellFormed(message);
        this.conversation.hear(message);
        parse(message.bytes);
        if (this.conversation.isRefused) {
          this.stream.destroy();
        }
        if (this.stream.destroyed) {
          return;
        }
      }
    } catch (error) {
      this.stream.destroy(
        error instanceof ProtocolError
          ? error
          : new ProtocolError('the server cannot be understood', { cause: error }),
      );
    }
  }

  /** A name in a certificate, and the one that TLS asks for, have no dot at their end; that of DNS may. */
  override upgradeToSSL(host: string, reportStreamError: (error: Error) => void): void {
    super.upgradeToSSL(host.replace(/\.$/, ''), reportStreamError);
  }

  override query(text: string): void {
    this.conversation.ask();
    super.query(text);
  }

  override parse(query: Parameters<Connection['parse']>[0], more: boolean): void {
    this.conversation.ask();
    super.parse(query, more);
  }

  /** Says goodbye, and does not wait for the server to say it too. */
  override end(): void {
    super.end();
    this.stream.destroySoon();
  }
}
