import { describe, expect, it } from '@jest/globals';
import { parseEnvironment } from '../../config/parse-environment.ts';
import { authenticationTokens } from './authentication-tokens.ts';
import { TaskCredentials } from './task-credentials.ts';

const ENVIRONMENT = {
  DB_DATABASE: 'app',
  DB_HOST: 'DB.abc.eu-west-1.rds.amazonaws.com.',
  DB_USER: 'o!reader',
  DB_AUTH: 'iam',
  AWS_REGION: 'us-east-1',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/role',
};
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'session+/=',
  expiration: new Date(Date.now() + 3_600_000),
};
const tokens = authenticationTokens(
  parseEnvironment(ENVIRONMENT),
  new TaskCredentials(async () => credentials),
);

/** That the signature is right, rehearsal/test/emulator/rds-token.spec.ts checks, with no code of this. */
describe('a token', () => {
  it('is a presigned request for this user at this database, in the region of the database', async () => {
    const token = await tokens();
    expect(token).toMatch(
      /^db\.abc\.eu-west-1\.rds\.amazonaws\.com:5432\/\?Action=connect&DBUser=o%21reader&/,
    );
    const query = new URL(`https://${token}`).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/rds-db\/aws4_request$/),
      'X-Amz-Security-Token': 'session+/=',
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('tells nobody the secret', async () => {
    expect(await tokens()).not.toContain(credentials.secretAccessKey);
  });
});
