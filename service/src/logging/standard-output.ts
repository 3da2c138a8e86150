import { destination, type DestinationStream } from 'pino';

/**
 * Standard output, written once a turn of the event loop and not once a line: under load one turn answers many
 * requests, and a write costs as much as the rest of the line. See docs/decisions/0004-request-log.md.
 */
export function standardOutput(): DestinationStream {
  const output = destination({ fd: 1, sync: true });
  let lines = '';
  const flush = () => {
    const written = lines;
    lines = '';
    if (written !== '') {
      output.write(written);
    }
  };
  // However the process ends by itself, also by an error that nobody caught.
  process.once('exit', flush);
  return {
    write(line) {
      if (lines === '') {
        setImmediate(flush);
      }
      lines += line;
    },
  };
}
