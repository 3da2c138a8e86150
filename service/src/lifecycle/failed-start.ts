import { ConfigurationError } from '../config/environment.ts';

/** Says on standard error, in one message, why the service cannot start, and ends the process with exit code 1. */
export function reportFailedStart(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigurationError) {
    return error.message;
  }
  const { code, port, message, stack } = error as NodeJS.ErrnoException & { port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is already in use: stop what listens there, or set API_PORT to a free port.`;
    case 'EACCES':
      return `Port ${port} needs more privileges than this process has: set API_PORT to 1024 or above.`;
    default:
      return stack ?? message ?? String(error);
  }
}
