import { writePlainLine } from './plain-line.ts';

const QUIET = new Set(['error', 'fatal', 'silent']);

/** Has Node's own warnings, such as of something that is deprecated, written as lines of the log: Node writes them as text. */
export function logWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (!QUIET.has(process.env['LOG_LEVEL'] ?? '')) writePlainLine('warn', warning, 'Node warns');
  });
}
