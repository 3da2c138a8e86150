import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Issued } from './task-roles.ts';

/** No token is good for longer, whatever it says. */
const MAX_EXPIRES_SECONDS = 900;
const TOKEN = /^([^/?]+)\/\?(.+)$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** What a token has to be for. */
export interface Wanted {
  user: string;
  /** Host and port. */
  endpoint: string;
  region: string;
  now: Date;
  /** The credentials that were given out under this key. */
  find: (accessKeyId: string) => Issued | undefined;
}

/** Why a token is not taken. RDS tells the client nothing of it. */
export class TokenRefused extends Error {
  override name = 'TokenRefused';
}

/**
 * Checks an authentication token of RDS: a request presigned with Signature Version 4 (AWS's "Create a signed AWS API
 * request"), worked out here from that page alone, with none of the signer's code.
 *
 * @returns the role that signed it
 * @throws TokenRefused
 */
export function checkToken(token: string, { user, endpoint, region, now, find }: Wanted): string {
  const [, host = '', query = ''] = TOKEN.exec(token) ?? [];
  const parameters = new Map(
    query.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [decodeURIComponent(name), decodeURIComponent(value)];
    }),
  );
  const get = (name: string) => parameters.get(name) ?? '';
  const [accessKeyId = '', day, ...scope] = get('X-Amz-Credential').split('/');
  const issued = find(accessKeyId);

  expect(host === endpoint, `it is for ${host}`);
  expect(get('Action') === 'connect', 'it is for another action');
  expect(get('DBUser') === user, `it is for the user ${get('DBUser')}`);
  expect(get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256', 'it has another algorithm');
  expect(get('X-Amz-SignedHeaders') === 'host', 'it signs other headers');
  expect(scope.join('/') === `${region}/rds-db/aws4_request`, `it is for ${scope.join('/')}`);
  expect(get('X-Amz-Date').startsWith(`${day}T`), 'its dates differ');
  expectInTime(get('X-Amz-Date'), Number(get('X-Amz-Expires')), now);
  if (issued === undefined) {
    throw new TokenRefused('nobody was given its key');
  }
  expect(get('X-Amz-Security-Token') === issued.sessionToken, 'its session is another');
  expect(issued.expiration > now, 'its credentials have ended');
  const signature = Buffer.from(get('X-Amz-Signature'));
  const ours = Buffer.from(sign(parameters, endpoint, issued.secretAccessKey));
  expect(signature.length === ours.length && timingSafeEqual(signature, ours), 'its signature is wrong');
  return issued.role;
}

function expectInTime(date: string, expires: number, now: Date): void {
  const signedAt = Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  const ageSeconds = (now.getTime() - signedAt) / 1000;
  // Written so that what is no number is refused.
  expect(expires > 0 && expires <= MAX_EXPIRES_SECONDS, 'it lasts for too long');
  expect(ageSeconds >= -MAX_EXPIRES_SECONDS, 'it is not good yet');
  expect(ageSeconds <= expires, 'it has expired');
}

function sign(parameters: Map<string, string>, host: string, secret: string): string {
  const query = [...parameters]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted((one, other) => (one < other ? -1 : 1))
    .join('&');
  const request = ['GET', '/', query, `host:${host}`, '', 'host', sha256('')].join('\n');
  const date = parameters.get('X-Amz-Date') ?? '';
  const [, ...scope] = (parameters.get('X-Amz-Credential') ?? '').split('/');
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce((previous, part) => hmac(previous, part), Buffer.from(`AWS4${secret}`));
  return hmac(key, toSign).toString('hex');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) {
    throw new TokenRefused(otherwise);
  }
}
