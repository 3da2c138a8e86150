import { chown, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
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

/** Puts a server's certificate where PostgreSQL looks for it. @param directory where the server keeps its files */
export async function installCertificate(
  directory: string,
  { certificate, key }: { certificate: string; key: string },
): Promise<void> {
  // PostgreSQL reads a key of its own user only.
  const { uid, gid } = await stat(directory);
  for (const [name, text] of Object.entries({ 'server.crt': certificate, 'server.key': key })) {
    const file = path.join(directory, name);
    await writeFile(file, text, { mode: 0o600 });
    await chown(file, uid, gid);
  }
}
