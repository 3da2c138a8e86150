import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Long enough for UUIDs and trace ids; nothing that could break out of a log line or a header. */
const WELL_FORMED = /^[\w.:=-]{1,128}$/;

/** The caller's `X-Request-Id` when it is well formed, else a new one. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
}
