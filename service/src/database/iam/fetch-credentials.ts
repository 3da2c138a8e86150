import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Environment } from '../../config/parse-environment.ts';
import { CredentialsError } from './credentials.error.ts';

/** Where ECS answers, for a task on Fargate as for one on an instance. */
const ECS = 'http://169.254.170.2';
/** It is on the same machine; the one who waits for a connection gives up soon after. */
const TIMEOUT_MS = 1000;

/** Those of a role, for a while. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

const answer = z
  .object({
    AccessKeyId: z.string(),
    SecretAccessKey: z.string(),
    Token: z.string(),
    Expiration: z.coerce.date(),
  })
  .transform(({ AccessKeyId, SecretAccessKey, Token, Expiration }) => ({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    expiration: Expiration,
  }));

/**
 * Asks the container's credential endpoint, as AWS's SDKs do. Their provider waits for ever for an endpoint that takes
 * the request and does not answer: see docs/decisions/0013-migrations-and-the-services-user.md.
 *
 * @throws CredentialsError
 */
export async function fetchCredentials(environment: Environment): Promise<Credentials> {
  const text = await ask(environment);
  const credentials = answer.safeParse(parse(text));
  if (!credentials.success) {
    throw new CredentialsError('the endpoint of the credentials answered something else');
  }
  return credentials.data;
}

async function ask(environment: Environment): Promise<string> {
  const {
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
  } = environment;
  let status: number;
  try {
    const authorization = file === undefined ? token : (await readFile(file, 'utf8')).trim();
    const response = await fetch(path === undefined ? (url as string) : `${ECS}${path}`, {
      headers: authorization === undefined ? {} : { authorization },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    const text = await response.text();
    if (response.ok) {
      return text;
    }
  } catch (error) {
    throw new CredentialsError('the endpoint of the credentials does not answer', error);
  }
  throw new CredentialsError(`the endpoint of the credentials answered with status ${status}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
