import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import dns from 'node:dns';
import type { ClientConfig } from 'pg';
import { certificateAuthority } from '@slipway/test-helpers/database/certificates';
import { eventually } from '@slipway/test-helpers/eventually';
import { AUTHENTICATIONS, FakePostgres, WELL_BEHAVED } from '../../../test/support/fake-postgres.ts';
import * as messages from '../../../test/support/postgres-messages.ts';
import { GuardedClient } from './guarded-client.ts';

let fake: FakePostgres;
let client: GuardedClient;
const clientOf = (server: FakePostgres, options: ClientConfig = {}) => {
  const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD } = server.variables();
  return new GuardedClient({
    host: DB_HOST,
    port: Number(DB_PORT),
    user: DB_USER,
    password: DB_PASSWORD,
    ...options,
  });
};
const version = async () => (await client.query<{ version: string }>('SELECT')).rows;

describe('GuardedClient', () => {
  beforeEach(async () => {
    fake = await FakePostgres.start();
    client = clientOf(fake);
  });
  afterEach(() => fake.stop());

  it.each(AUTHENTICATIONS)('signs in with %s', async (authentication) => {
    fake.behaviour = () => ({ ...WELL_BEHAVED, authentication });
    await client.connect();
    expect(await version()).toEqual([{ version: '18.4', banner: expect.any(String) }]);
  });

  it('understands messages wherever their pieces begin and end', async () => {
    fake.behaviour = () => ({
      authentication: 'scram',
      send: (message) => [...message].flatMap((byte) => [Buffer.from([byte]), { waitMs: 0 }]),
    });
    await client.connect();
    expect(await version()).toHaveLength(1);
  });

  it.each([
    ['a binary value, which nobody asked for', binary(messages.rowDescription('version', 'banner'))],
    ['a proof before it was asked for', messages.authentication(12, Buffer.from('v=eA=='))],
  ])('drops a connection with %s', async (_name, bytes) => {
    fake.behaviour = () => ({
      authentication: 'trust',
      send: (message, number) => [number === 5 ? bytes : message],
    });
    await client.connect();
    await expect(version()).rejects.toMatchObject({ name: 'ProtocolError' });
    await eventually(() => expect(fake.open).toBe(0));
  });

  it('accepts no sign-in that the server did not prove its part of', async () => {
    fake.behaviour = () => ({
      authentication: 'scram',
      send: (message, number) => [number === 1 ? messages.authentication(0) : message],
    });
    await expect(client.connect()).rejects.toMatchObject({ name: 'ProtocolError' });
  });
});

describe('GuardedClient over TLS', () => {
  const { lookup } = dns;
  let ca: string;
  beforeEach(async () => {
    const authority = await certificateAuthority();
    ca = authority.certificate;
    fake = await FakePostgres.start(await authority.sign('db.example'));
    // Every name leads to the fake.
    dns.lookup = ((_host: string, options: dns.LookupOptions, done: (...results: unknown[]) => void) =>
      options.all
        ? done(null, [{ address: '127.0.0.1', family: 4 }])
        : done(null, '127.0.0.1', 4)) as typeof lookup;
  });
  afterEach(async () => {
    dns.lookup = lookup;
    await fake.stop();
  });

  it.each(['db.example', 'db.example.', 'DB.Example.'])('finds %s in the certificate', async (host) => {
    client = clientOf(fake, { host, ssl: { ca, rejectUnauthorized: true } });
    await client.connect();
    expect(await version()).toHaveLength(1);
    expect(fake.serverNames.map((name) => name.toLowerCase())).toEqual(['db.example']);
  });

  it('does not find another host in it', async () => {
    client = clientOf(fake, { host: 'other.example.', ssl: { ca, rejectUnauthorized: true } });
    await expect(client.connect()).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await eventually(() => expect(fake.open).toBe(0));
  });
});

/** The last column's form is the last field of a RowDescription. */
function binary(rowDescription: Buffer): Buffer {
  rowDescription.writeInt16BE(1, rowDescription.length - 2);
  return rowDescription;
}
