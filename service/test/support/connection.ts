import { once } from 'node:events';
import { connect } from 'node:net';

/** What comes of a new connection to this port on loopback. */
export async function connection(port: number): Promise<'accepted' | 'refused'> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return 'accepted';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
      return 'refused';
    }
    throw error;
  } finally {
    socket.destroy();
  }
}
