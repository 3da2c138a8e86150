import { connect } from 'node:net';
import type { HostileRequest } from './hostile-requests.ts';

/** Far above every bound that the service keeps: who waits so long is left hanging. */
const HANGING_MS = 30_000;
const STATUS_LINE = /HTTP\/1\.1 \d{3} /g;

/**
 * Sends a request on a connection of its own as a simple client does: writes all of it before it reads anything, and
 * ends its side once it has what it is owed, unless it resets the connection. Gives everything that came back, in latin1, when the service has closed
 * the connection too; fails where it leaves it open.
 */
export function exchange(port: number, { bytes, owed, resets }: HostileRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const timer = setTimeout(() => {
      reject(new Error(`the connection was left open, after ${JSON.stringify(text.slice(0, 200))}`));
      socket.destroy();
    }, HANGING_MS);
    const endIfDone = () => {
      if ((text.match(STATUS_LINE)?.length ?? 0) >= owed) {
        socket.end();
      }
    };
    socket.on('error', () => {}); // to be reset is as good an end as any; `close` follows
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      endIfDone();
    });
    socket.pause();
    socket.write(bytes, () => {
      if (resets) {
        socket.resetAndDestroy();
        return;
      }
      socket.resume();
      endIfDone();
    });
  });
}
