import type { IncomingMessage } from 'node:http';

/** The path that a request asks for, without its query: that is the client's to fill and no business of the log. */
export function requestPath({ url = '' }: IncomingMessage): string {
  if (url.startsWith('/')) {
    const query = url.indexOf('?');
    return query === -1 ? url : url.slice(0, query);
  }
  // A whole URL, as a proxy sends it, may hold a user and a password besides.
  return URL.canParse(url) ? new URL(url).pathname : '*';
}

/** Where nothing is. */
const NOWHERE = '/%25';

/**
 * The URL to route: the request's own, or one that leads nowhere when its path cannot be read. Fastify would answer that
 * one itself, before any hook.
 */
export function routableUrl(request: IncomingMessage): string {
  const path = requestPath(request);
  return path.startsWith('/') && isDecodable(path) ? (request.url as string) : NOWHERE;
}

function isDecodable(path: string): boolean {
  try {
    return !path.includes('%') || decodeURI(path) !== '';
  } catch {
    return false;
  }
}
