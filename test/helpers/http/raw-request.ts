import { once } from 'node:events';
import { connect } from 'node:net';
import type { ServiceProcess } from '../service-process.ts';

/** An answer as it stood on the wire. */
export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** Sends these bytes on a connection of their own and reads until the service closes it. */
export async function rawRequest(service: ServiceProcess, bytes: string): Promise<RawAnswer> {
  const socket = connect(Number(new URL(await service.url()).port), '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => (text += chunk));
  socket.on('error', () => {}); // a reset after the answer is as good as an end
  socket.write(bytes);
  await once(socket, 'close');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    ),
    body: rest.join('\r\n\r\n'),
  };
}
