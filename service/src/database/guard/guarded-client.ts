import { Client, type ClientConfig } from 'pg';
import { GuardedConnection } from './guarded-connection.ts';

/**
 * A client of pg whose server may send anything at all. An error of the client is the end of its connection, and it has
 * a listener in every state: pg emits some where the pool does not listen, and the process would end.
 */
export class GuardedClient extends Client {
  private readonly guarded: GuardedConnection;

  constructor(config: ClientConfig = {}) {
    const connection = new GuardedConnection(config);
    // The pool hides the password from enumeration.
    super({ ...config, password: config.password, connection } as ClientConfig);
    this.guarded = connection;
    this.on('error', (error) => this.abort(error));
  }

  /** Ends the connection at once; what waits for it is rejected with the error. */
  abort(error: Error): void {
    this.guarded.stream.destroy(error);
  }
}
