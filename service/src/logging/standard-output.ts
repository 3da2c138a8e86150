import { destination, type DestinationStream } from 'pino';

/** How long a line may wait for others, in milliseconds: what a process that is killed outright can lose. */
const WAIT_MS = 10;

/**
 * Standard output, written once in a while and not once a line: a write costs as much as the rest of the line. See
 * docs/decisions/0004-request-log.md.
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
        setTimeout(flush, WAIT_MS);
      }
      lines += line;
    },
  };
}
