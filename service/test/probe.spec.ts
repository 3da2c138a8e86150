import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Database } from '@slipway/test-helpers/database/database';
import { ServiceProcess } from '@slipway/test-helpers/service-process';
import { ROOT } from '@slipway/test-helpers/root';

const probe = async (port: number | string) => {
  const child = spawn(process.execPath, ['dist/health/probe.js'], {
    cwd: ROOT,
    env: { API_PORT: String(port) },
  });
  const [code] = await once(child, 'exit');
  return code as number;
};

describe('the health check of the image', () => {
  let database: Database;
  beforeAll(async () => {
    database = await Database.start();
  });
  afterAll(() => database.stop());

  const probeService = async (overrides: Record<string, string>) => {
    const service = await ServiceProcess.start(database.variables(overrides));
    try {
      return await probe(new URL(await service.url()).port);
    } finally {
      await service.stop();
    }
  };

  it('passes while the service is ready', async () => {
    expect(await probeService({})).toBe(0);
  });

  it('fails while it is not', async () => {
    expect(await probeService({ DB_PASSWORD: 'wrong' })).toBe(1);
  });

  it('fails where nothing listens', async () => {
    expect(await probe(1)).toBe(1);
  });

  it('fails where something listens and says nothing', async () => {
    const mute = createServer(() => {}).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    expect(await probe((mute.address() as AddressInfo).port)).toBe(1);
    mute.close();
  });
});
