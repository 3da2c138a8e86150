import { createInterface } from 'node:readline';
import { prettyFactory } from 'pino-pretty';

/**
 * Shows the API's log on a terminal in words and not in JSON.
 *
 * @param {import('node:stream').Readable} log
 * @param {import('node:tty').WriteStream} terminal
 */
export function showLog(log, terminal) {
  const line = prettyFactory({
    // It knows NO_COLOR, and terminals without colours.
    colorize: terminal.hasColors(),
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'service,commit,context,url,method,path,status,durationMs',
    messageFormat:
      '{if context}{context}: {end}{msg}{if url} {url}{end}{if method}: {method} {path} {status} in {durationMs} ms{end}',
    singleLine: true,
  });
  createInterface({ input: log }).on('line', (text) => terminal.write(line(text)));
}
