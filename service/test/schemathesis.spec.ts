import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Database } from '@slipway/test-helpers/database/database';
import { ServiceProcess } from '@slipway/test-helpers/service-process';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';

const schemathesis = findTool('schemathesis');

describeNeeds(schemathesis)('the OpenAPI document, tried out by schemathesis', () => {
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

  it('holds for whatever it sends', async () => {
    const options = ['--checks', 'all', '--max-examples', '50', '--seed', '1', '--no-color'];
    const { stdout } = await promisify(execFile)(
      schemathesis ?? 'schemathesis',
      ['run', `${await service.url()}/docs-json`, ...options],
      { cwd: database.directory }, // it leaves a cache behind where it runs
    );
    expect(stdout).toContain('Tested: 5');
    expect(stdout).toContain('No issues found');
  });
});
