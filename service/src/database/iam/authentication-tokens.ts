import { createHash, createHmac, type BinaryLike } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Environment } from '../../config/parse-environment.ts';
import { rdsRegion } from '../../config/rds-region.ts';
import { fetchCredentials } from './fetch-credentials.ts';
import { TaskCredentials } from './task-credentials.ts';

/** RDS takes a token for so long, whatever it says itself. */
const EXPIRES_IN_SECONDS = 900;

/**
 * Makes the tokens that this user signs in with, in the place of a password: a presigned request that nobody sends. No
 * call to AWS is made for one, but for the role's credentials now and then.
 *
 * @returns makes a token; rejects with a CredentialsError
 */
export function authenticationTokens(
  environment: Environment,
  credentials = new TaskCredentials(() => fetchCredentials(environment)),
): () => Promise<string> {
  const { DB_HOST, DB_PORT, DB_USER, AWS_REGION } = environment;
  // As RDS calls itself: DNS does not mind a dot at the end or capital letters, a signature does.
  const hostname = DB_HOST.replace(/\.$/, '').toLowerCase();
  const host = `${hostname}:${DB_PORT}`;
  const signer = new SignatureV4({
    service: 'rds-db',
    // A region that the task is in need not be the database's.
    region: rdsRegion(DB_HOST) ?? (AWS_REGION as string),
    credentials: () => credentials.get(),
    sha256: Sha256,
  });
  return async () => {
    const { query } = await signer.presign(
      {
        method: 'GET',
        protocol: 'https:',
        hostname,
        port: DB_PORT,
        path: '/',
        query: { Action: 'connect', DBUser: DB_USER },
        headers: { host },
      },
      { expiresIn: EXPIRES_IN_SECONDS },
    );
    const parameters = Object.entries(query ?? {}).map(([name, value]) => `${name}=${escape(String(value))}`);
    return `${host}/?${parameters.join('&')}`;
  };
}

/** As SigV4 wants it: everything but letters, digits and `-._~`. */
function escape(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

type Data = string | ArrayBuffer | ArrayBufferView;

/** Node's hash in the form that the signer takes. */
class Sha256 {
  private readonly hash;

  constructor(secret?: Data) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as BinaryLike);
  }

  update(data: Data): void {
    this.hash.update(data as BinaryLike);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}
