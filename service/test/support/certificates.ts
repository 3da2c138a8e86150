import { generate } from 'selfsigned';

/** A certificate authority of the test's own, and certificates that it signed. */
export async function certificateAuthority() {
  const name = [{ name: 'commonName', value: 'Test CA' }];
  const authority = await generate(name, {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    certificate: authority.cert,
    /** @param host the only name that the certificate is good for */
    async sign(host: string): Promise<{ certificate: string; key: string }> {
      const signed = await generate([{ name: 'commonName', value: host }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca: { key: authority.private, cert: authority.cert },
        extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
      });
      return { certificate: signed.cert, key: signed.private };
    },
  };
}
