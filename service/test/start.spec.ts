import { describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { NO_DATABASE } from './support/no-database.ts';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

const failedStart = async (variables: Record<string, string>) => {
  const service = ServiceProcess.spawn(variables);
  expect(await service.exit()).toEqual({ code: 1, signal: null });
  return service.output;
};

describe('a start that cannot succeed', () => {
  it('in production without a database names every missing variable, in one message', async () => {
    expect(await failedStart({ NODE_ENV: 'production' })).toBe(
      'The configuration is not valid: DB_DATABASE is required; DB_HOST is required; DB_USER is required; ' +
        'DB_PASSWORD is required (or DB_PASSWORD_FILE, but not both).\n',
    );
  });

  it('names every wrong variable and no value', async () => {
    const output = await failedStart({
      ...NO_DATABASE,
      API_PORT: 'eighty',
      DB_SSLMODE: 'sometimes',
      DB_POOL_MAX: '-3',
    });
    expect(output).toContain('API_PORT must be');
    expect(output).toContain('DB_SSLMODE must be');
    expect(output).toContain('DB_POOL_MAX must be');
    expect(output).not.toMatch(/eighty|sometimes|-3|hunter2/);
  });

  it('says which port is taken and what to do', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const output = await failedStart({ ...NO_DATABASE, API_PORT: String(port) });
    expect(output).toBe(
      `Port ${port} is already in use: stop what listens there, or set API_PORT to a free port.\n`,
    );
    other.close();
  });
});
