import { describe, expect, it } from '@jest/globals';
import { explainUntrusted, MissingRootError } from './missing-root.error.ts';

const untrusted = Object.assign(new Error('unable to get local issuer certificate'), {
  code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
});

describe('explainUntrusted', () => {
  it.each([
    ['db.abc.il-central-1.rds.amazonaws.com', 'il-central-1'],
    ['db.abc.CA-WEST-1.rds.amazonaws.com.', 'ca-west-1'],
    ['db.abc.rds.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ])('names the region of %s', (host, region) => {
    const explained = explainUntrusted(untrusted, host) as Error;
    expect(explained).toBeInstanceOf(MissingRootError);
    expect(explained.message).toContain(region);
    expect(explained.cause).toBe(untrusted);
  });

  it.each([
    ['another region', untrusted, 'db.abc.eu-west-1.rds.amazonaws.com'],
    ['another host', untrusted, 'db.example'],
    ['another error', new Error('no'), 'db.abc.il-central-1.rds.amazonaws.com'],
  ])('leaves %s as it is', (_name, error, host) => {
    expect(explainUntrusted(error, host)).toBe(error);
  });
});
