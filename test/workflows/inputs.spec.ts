import { afterAll, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeScripts, runScript } from './support/script.ts';

const COMMIT = 'c'.repeat(40);
const ACCOUNT = '111111111111';
const GOOD: Record<string, Record<string, string>> = {
  'aws-oidc/check.sh': {
    ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/bootstrap/ledger-live-plan`,
    REGION: 'eu-west-1',
    ACCOUNT_ID: ACCOUNT,
    ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9',
  },
  'build-image/look.sh': {
    REPOSITORY: 'ledger-live',
    ACCOUNT_ID: ACCOUNT,
    ARCHITECTURE: 'ARM64',
    CONTEXT: '.',
    DOCKERFILE: 'Dockerfile',
    TARGET: 'runtime',
    BUILD_ARGS: 'ONE=1',
    GITHUB_SHA: COMMIT,
  },
  'copy-image/look.sh': {
    COMMIT,
    SOURCE_ACCOUNT_ID: ACCOUNT,
    SOURCE_REGION: 'eu-west-1',
    SOURCE_REPOSITORY: 'ledger-staging',
    ACCOUNT_ID: ACCOUNT,
    AWS_REGION: 'eu-west-1',
    REPOSITORY: 'ledger-live',
    ARCHITECTURE: 'ARM64',
  },
  'request-release/request.sh': {
    COMMIT,
    REPOSITORY: 'ledger-live',
    SERVICE: 'ledger-live',
    ARCHITECTURE: 'ARM64',
  },
  'find-running/find.sh': { CLUSTER: 'ledger-live', SERVICE: 'ledger-live' },
  'wait-for-rollout/wait.sh': {
    CLUSTER: 'ledger-live',
    SERVICE: 'ledger-live',
    DIGEST: `sha256:${'a'.repeat(64)}`,
    SINCE: '1800000000',
    TIMEOUT_SECONDS: '10',
    POLL_SECONDS: '1',
  },
  'terraform/terraform.sh': { COMMAND: 'plan', ENVIRONMENT: 'live', LAYER: 'security' },
  'read-environment/read.sh': { ENVIRONMENT: 'live' },
  'order-layers/order.sh': { COMMAND: 'plan', LAYER: 'all' },
  'check-approval/check.sh': { COMMAND: 'apply', ENVIRONMENT: 'live', KEPT_PLAN: `7-1:${'a'.repeat(64)}` },
  'comment-plans/comment.sh': { PULL_REQUEST: '5', ENVIRONMENTS: 'environments' },
  'list-layers/list.sh': { ENVIRONMENTS: 'environments' },
  'report-drift/report.sh': { ENVIRONMENTS: 'environments' },
  'record-drift/record.sh': { ENVIRONMENT: 'live', LAYER: 'security' },
};
const inputs = Object.entries(GOOD).flatMap(([script, good]) =>
  Object.keys(good)
    .filter((name) => name !== 'ACTIONS_ID_TOKEN_REQUEST_URL')
    .map((name) => [script, name, good] as const),
);

describeScripts('inputs of the actions', () => {
  it.each(inputs)('%s refuses a hostile %s and runs nothing of it', async (script, name, good) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'hostile-'));
    const mark = path.join(folder, 'ran');
    const value = `'; touch ${mark}; exit 1 # "$(touch ${mark})\`touch ${mark}\`\n::error::forged\ntouch ${mark}`;

    const { code, said, outputs } = await runScript(script, {
      ...good,
      [name]: value,
      GITHUB_ACTIONS: 'true',
    });

    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^::error::${name.toLowerCase().replaceAll('_', '-')} has to be `));
    // One line, and so one command, whatever the value holds.
    expect(said.trimEnd().split('\n')).toHaveLength(1);
    expect(outputs).toEqual({});
    expect(existsSync(mark)).toBe(false);
    await rm(folder, { recursive: true });
  });

  it('names a role of another account, and a missing token', async () => {
    const good = GOOD['aws-oidc/check.sh'] ?? {};
    const other = await runScript('aws-oidc/check.sh', { ...good, ACCOUNT_ID: '222222222222' });
    expect(other.said).toContain('belongs to another environment');

    const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...without } = good;
    expect((await runScript('aws-oidc/check.sh', without)).said).toContain('id-token: write');
    expect((await runScript('aws-oidc/check.sh', good)).code).toBe(0);
  });

  it('takes a path only inside the repository', async () => {
    const good = GOOD['build-image/look.sh'] ?? {};
    const { said } = await runScript('build-image/look.sh', { ...good, CONTEXT: 'a/../../b' });
    expect(said).toContain('context has to stay inside the repository');
  });
});

describeScripts('a role that AWS refuses', () => {
  const claims = {
    sub: 'repo:acme@1/ledger@2:environment:live',
    aud: 'sts.amazonaws.com',
    job_workflow_ref: 'slipway-dev/slipway/.github/workflows/terraform.yml@refs/tags/v1.0.0',
    jti: 'unique-and-nobodys-business',
  };
  const token = ['header', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature'].join('.');
  const asked: unknown[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push([url, headers.authorization]);
    response.end(JSON.stringify({ value: token }));
  }).listen(0, '127.0.0.1');
  afterAll(() => {
    server.close();
  });

  it('is explained by what the token claims, and the token stays secret', async () => {
    if (!server.listening) await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const { code, said } = await runScript('aws-oidc/explain.sh', {
      ROLE_ARN: 'arn:aws:iam::111111111111:role/bootstrap/ledger-live-apply',
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?version=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer-of-the-run',
    });

    expect(code).toBe(1);
    expect(asked).toEqual([['/token?version=1&audience=sts.amazonaws.com', 'bearer bearer-of-the-run']]);
    expect(said).toContain(`sub: ${claims.sub}`);
    expect(said).toContain(`job_workflow_ref: ${claims.job_workflow_ref}`);
    for (const secret of [token, 'bearer-of-the-run', claims.jti]) expect(said).not.toContain(secret);
  });
});
