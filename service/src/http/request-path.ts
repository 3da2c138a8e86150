import type { IncomingMessage } from 'node:http';

/** The path that a request asks for, without its query: that is the client's to fill and no business of the log. */
export function requestPath({ url = '' }: IncomingMessage): string {
  if (url.startsWith('/')) {
    const query = url.indexOf('?');
    return query === -1 ? url : url.slice(0, query);
  }
  // A whole URL, as a proxy sends it, may hold a user and a password besides.
  return isWholeUrl(url) ? new URL(url).pathname : '*';
}

/** The query of a request, with its question mark. */
export function queryOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? '' : url.slice(query);
}

/** Where nothing is. */
const NOWHERE = '/%25';

/**
 * The path to route, spelt in the one way in which routes are: a character that needs no escape has none (RFC 3986,
 * 6.2.2.2). A path that cannot be read or that climbs (`/docs/../version`) leads nowhere: clients resolve those.
 */
export function routablePath(path: string): string {
  if (!path.includes('%') && !path.includes('/.')) {
    return path.startsWith('/') ? path : NOWHERE;
  }
  const spelt = path.replaceAll(/%(?:[46][1-9a-f]|[57][0-9a]|2[de]|3\d|5f|7e)/gi, decodeUnreserved);
  return isDecodable(spelt) && !/\/\.{1,2}(\/|$)/.test(spelt) ? spelt : NOWHERE;
}

function decodeUnreserved(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return /[\w.~-]/.test(character) ? character : escape;
}

function isDecodable(path: string): boolean {
  try {
    return decodeURI(path) !== '';
  } catch {
    return false;
  }
}

function isWholeUrl(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
