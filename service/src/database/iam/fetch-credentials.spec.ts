import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnvironment } from '../../config/parse-environment.ts';
import { fetchCredentials } from './fetch-credentials.ts';

const ANSWER = {
  AccessKeyId: 'AKIDEXAMPLE',
  SecretAccessKey: 'hunter2',
  Token: 'session',
  Expiration: '2026-11-27T22:00:00Z',
};

describe('fetchCredentials', () => {
  let server: Server;
  let answer: RequestListener;
  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetch = (variables: Record<string, string> = {}) =>
    fetchCredentials(
      parseEnvironment({
        DB_DATABASE: 'app',
        DB_HOST: 'db.abc.eu-west-1.rds.amazonaws.com',
        DB_USER: 'app',
        DB_AUTH: 'iam',
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/role`,
        ...variables,
      }),
    );
  const reason = async () => {
    const error = await fetch().then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({ name: 'CredentialsError' });
    expect(JSON.stringify([error?.message, error?.cause])).not.toContain('hunter2');
    return error?.message;
  };

  it('takes what ECS answers, with the authorization that the environment or a file says', async () => {
    const heard: unknown[] = [];
    answer = ({ url, headers }, response) => {
      heard.push([url, headers.authorization]);
      response.end(JSON.stringify(ANSWER));
    };
    expect(await fetch()).toEqual({
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'hunter2',
      sessionToken: 'session',
      expiration: new Date('2026-11-27T22:00:00Z'),
    });
    const folder = await mkdtemp(path.join(tmpdir(), 'slipway-'));
    const file = path.join(folder, 'token');
    await writeFile(file, 'of a file\n');
    await fetch({ AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a token' });
    await fetch({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
    await rm(folder, { recursive: true });
    expect(heard).toEqual([
      ['/role', undefined],
      ['/role', 'a token'],
      ['/role', 'of a file'],
    ]);
  });

  it.each<[string, RequestListener, string]>([
    ['an error', (_, response) => response.writeHead(500).end('hunter2'), 'answered with status 500'],
    ['no JSON', (_, response) => response.end('hunter2'), 'answered something else'],
    [
      'credentials without an end',
      (_, response) => response.end(JSON.stringify({ ...ANSWER, Expiration: undefined })),
      'answered something else',
    ],
    ['a connection that is cut', (request) => request.socket.destroy(), 'does not answer'],
    ['another place', (_, response) => response.writeHead(302, { location: '/' }).end(), 'does not answer'],
    // This one waits for its bound.
    ['nothing, ever', () => {}, 'does not answer'],
  ])('fails with %s, and tells nothing of it', async (_what, behaviour, expected) => {
    answer = behaviour;
    expect(await reason()).toBe(
      `the credentials of the task's role cannot be had: the endpoint of the credentials ${expected}`,
    );
  });
});
