import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { environment, type Environment } from '../config/environment.ts';

/**
 * However short the delay: time for clients that are sending to send once more, and be told to close. To close a kept
 * connection between two of its requests would lose the second.
 */
const LAST_CALL_MS = 250;

/**
 * Takes the service out of traffic without losing a request. From the signal on, readiness is red and each response
 * tells its client to close the connection, while requests go on being served for `SHUTDOWN_DELAY_MS`. Then Nest
 * closes the listener, and what is in flight has `SHUTDOWN_TIMEOUT_MS` to finish.
 */
@Injectable()
export class DrainingService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DrainingService.name);
  private readonly inFlight = new Set<ServerResponse>();
  private draining = false;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(environment.KEY) private readonly settings: Environment,
  ) {}

  get isDraining(): boolean {
    return this.draining;
  }

  /** The responses that this connection still has to carry, in their order. */
  inFlightOn(socket: Duplex): ServerResponse[] {
    return [...this.inFlight].filter(({ req }) => req.socket === socket);
  }

  onApplicationBootstrap(): void {
    this.server.on('connection', (socket: Socket) => {
      socket.once('close', () => this.onConnectionClosed(socket));
    });
    this.server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
      this.inFlight.add(response);
      response.on('close', () => this.onResponseClosed(response));
      if (this.draining) {
        closeAfter(response);
      }
    });
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    const { SHUTDOWN_DELAY_MS, SHUTDOWN_TIMEOUT_MS } = this.settings;
    this.draining = true;
    this.logger.log(
      { signal, inFlight: this.inFlight.size, SHUTDOWN_DELAY_MS, SHUTDOWN_TIMEOUT_MS },
      'draining',
    );
    for (const response of this.inFlight) {
      closeAfter(response);
    }
    await delay(Math.max(SHUTDOWN_DELAY_MS, LAST_CALL_MS));
    setTimeout(() => this.giveUp(), SHUTDOWN_TIMEOUT_MS).unref();
  }

  private get server(): Server {
    return this.adapterHost.httpAdapter.getHttpServer() as Server;
  }

  private onResponseClosed(response: ServerResponse): void {
    this.inFlight.delete(response);
    if (this.draining && !this.server.listening) {
      // A response whose headers were on their way before the signal could not say `Connection: close`.
      this.server.closeIdleConnections();
    }
  }

  /**
   * Node tells only the response whose turn it is that its connection is gone. Those of pipelined requests that wait
   * behind it would never close, nor would the files that they read from.
   */
  private onConnectionClosed(socket: Socket): void {
    for (const response of this.inFlightOn(socket)) {
      if (response.socket === null) {
        response.emit('close');
        // The one of the two that what sends files for Express listens for (on-finished).
        response.emit('end');
      }
    }
  }

  private giveUp(): void {
    this.logger.warn({ inFlight: this.inFlight.size }, 'requests did not finish in time and are cut off');
    this.server.closeAllConnections();
  }
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) {
    response.setHeader('Connection', 'close');
  }
}
