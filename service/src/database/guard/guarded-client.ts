import { Client, type ClientConfig } from 'pg';
import { GuardedConnection } from './guarded-connection.ts';

/**
 * A client of pg whose server may send anything at all. An error of the client is the end of its connection, and it has
 * a listener in every state: pg emits some where the pool does not listen, and the process would end.
 */
export class GuardedClient extends Client {
  constructor(config: ClientConfig = {}) {
    const connection = new GuardedConnection(config);
    // The pool hides the password from enumeration.
    super({ ...config, password: config.password, connection } as ClientConfig);
    this.on('error', (error) => connection.stream.destroy(error));
  }
}
