import { textOf } from './errors.ts';

export type Fields = Record<string, string | number | undefined>;

/** Writes one JSON line per call. Only fields named by the caller are written, never a whole AWS answer. */
export interface Log {
  info(message: string, fields: Fields): void;
  error(message: string, error: unknown, fields: Fields): void;
}

/**
 * @param write takes one line without its end.
 * @param now milliseconds since 1970.
 */
export function createLog(write: (line: string) => void, now: () => number): Log {
  const line = (level: string, message: string, fields: Fields): void =>
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields }));
  return {
    info: (message, fields) => line('info', message, fields),
    error: (message, error, fields) =>
      line('error', message, { ...fields, error: textOf(error), cause: causeOf(error) }),
  };
}

function causeOf(error: unknown): string | undefined {
  return error instanceof Error && error.cause !== undefined ? textOf(error.cause) : undefined;
}
