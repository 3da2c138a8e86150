import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { answerFaults } from '@slipway/test-helpers/http/answer-faults';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { exchange } from '@slipway/test-helpers/http/exchange';
import { hostileRequest } from '@slipway/test-helpers/http/hostile-requests';
import { readAnswers } from '@slipway/test-helpers/http/read-answers';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

/** Another seed or more connections: `FUZZ_SEED=7 FUZZ_CONNECTIONS=100000 npm test -- client-fuzz`. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20261126);
const numRuns = Number(process.env['FUZZ_CONNECTIONS'] ?? 3000);

describe('whatever a client sends', () => {
  let database: Database;
  let service: ServiceProcess;
  /** The status of each refusal that was read, by its id. */
  const refusals = new Map<string, number>();

  beforeAll(async () => {
    database = await Database.start();
    service = await ServiceProcess.start(
      database.variables({ DB_CONNECT_TIMEOUT_MS: '30000', DB_QUERY_TIMEOUT_MS: '30000' }),
    );
  });
  afterAll(async () => {
    await service.stop();
    await database.stop();
  });

  it(`its connection ends, and every answer is whole, tells nothing and is no 5xx`, async () => {
    const port = Number(new URL(await service.url()).port);
    const property = fc.asyncProperty(hostileRequest, async (request) => {
      const answers = readAnswers(await exchange(port, request));
      expect(answerFaults(request, answers)).toEqual([]);
      for (const { status, headers } of answers.filter((answer) => answer.status >= 400)) {
        refusals.set(headers['x-request-id'] as string, status);
      }
    });
    await fc.assert(property, { seed, numRuns });
  }, 300_000);

  it('each refusal is one line of the log', async () => {
    expect(refusals.size).toBeGreaterThan(0);
    await eventually(() => {
      const lines = service
        .log()
        .flatMap(({ requestId, status }) => (requestId === undefined ? [] : [[requestId, status]]));
      const logged = lines.filter(([requestId]) => refusals.has(requestId as string));
      expect(new Map(logged as [string, number][])).toEqual(refusals);
      expect(logged).toHaveLength(refusals.size);
    });
  });

  it('the service lives, and its log holds JSON lines and no error', async () => {
    expect((await service.get('/connect')).status).toBe(200);
    expect(service.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
