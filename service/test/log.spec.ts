import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { ServiceProcess, type LogLine } from '@slipway/test-helpers/service-process';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const AMZN_ROOT = '1-67891233-abcdef012345678912345678';

describe('the log', () => {
  let database: Database;
  let service: ServiceProcess;
  beforeAll(async () => {
    database = await Database.start();
    service = await ServiceProcess.start(database.variables());
  });
  afterAll(async () => {
    await service.stop();
    await database.stop();
  });

  const lineOf = (id: string) =>
    eventually(() => {
      const found = service.log().filter(({ requestId }) => requestId === id);
      expect(found).toHaveLength(1);
      return found[0] as LogLine;
    });

  it('has the ids of the traces that a request belongs to', async () => {
    await service.get('/', {
      headers: {
        'X-Request-Id': 'traced',
        traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
        'X-Amzn-Trace-Id': `Self=1-2-3;Root=${AMZN_ROOT};Sampled=1`,
      },
    });
    expect(await lineOf('traced')).toMatchObject({ traceId: TRACE_ID, amznTraceId: AMZN_ROOT });
  });

  it.each([
    ['traceparent', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['traceparent', '00-"}-1-01'],
    ['X-Amzn-Trace-Id', 'Root=1-xyz'],
  ])('does not take over %s: %s', async (name, value) => {
    const id = `untraced-${value.length}`;
    await service.get('/', { headers: { 'X-Request-Id': id, [name]: value } });
    const line = await lineOf(id);
    expect(line).not.toHaveProperty('traceId');
    expect(line).not.toHaveProperty('amznTraceId');
  });

  it('leaves probes out, however they are spelt', async () => {
    for (const path of ['/health/live', '/hea%6Cth/live', '/health/ready?x=1']) {
      expect((await service.get(path, { headers: { 'X-Request-Id': 'probe' } })).status).toBe(200);
    }
    await service.get('/version', { headers: { 'X-Request-Id': 'after-the-probes' } });
    await lineOf('after-the-probes');
    expect(service.log().filter(({ requestId }) => requestId === 'probe')).toEqual([]);
  });

  it('shows of an error what helps to find it, and nothing that pg hung on it', async () => {
    await service.get('/connect');
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'slipway'`,
    );
    const line = await eventually(() => {
      const found = service.log().find(({ msg }) => msg === 'an idle database connection was lost');
      expect(found).toBeDefined();
      return found as LogLine;
    });
    expect(line).toEqual({
      level: 'warn',
      time: expect.any(String),
      service: 'slipway',
      commit: 'unknown',
      context: 'DatabaseService',
      err: { type: 'error', message: expect.any(String), code: '57P01', stack: expect.any(String) },
      msg: 'an idle database connection was lost',
    });
  });
});
