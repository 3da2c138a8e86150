import type { ListenOptions } from 'node:net';

/** How many connections may wait to be accepted; Linux allows 4096, and a burst beyond Node's 511 waits for seconds. */
const BACKLOG = 4096;

/** Where to listen: on every address of the machine. */
export function listenOptions(port: number): ListenOptions {
  return { port, backlog: BACKLOG };
}
