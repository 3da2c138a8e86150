import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Long enough for UUIDs and trace ids; nothing that could break out of a log line or a header. */
const WELL_FORMED = /^[\w.:=-]{1,128}$/;

/** The caller's `X-Request-Id` when it is well formed, else a new one; the response carries it either way. */
export function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && WELL_FORMED.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}
