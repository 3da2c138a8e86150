import { ConfigurationError } from '../config/configuration.error.ts';
import { reportFatal } from './fatal.ts';

/** Says why the service cannot start, and ends the process with exit code 1. */
export function reportFailedStart(error: unknown): never {
  const reason = explain(error);
  if (reason === undefined) {
    reportFatal(error);
  }
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

/** A sentence for whoever can do something about it; undefined where there is none. */
function explain(error: unknown): string | undefined {
  if (error instanceof ConfigurationError) {
    return error.message;
  }
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is already in use: stop what listens there, or set API_PORT to a free port.`;
    case 'EACCES':
      return `Port ${port} needs more privileges than this process has: set API_PORT to 1024 or above.`;
    default:
      return undefined;
  }
}
