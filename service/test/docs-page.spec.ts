import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chromium } from 'playwright-core';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { NO_DATABASE } from './support/no-database.ts';
import { ServiceProcess } from '@slipway/test-helpers/service-process';

const browserPath = findTool('chromium', 'chromium-browser', 'google-chrome');

describeNeeds(browserPath)('GET /docs in a browser', () => {
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await ServiceProcess.start(NO_DATABASE);
  });
  afterAll(() => service.stop());

  it('shows every route and tries one out', async () => {
    const browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));

      await page.goto(`${await service.url()}/docs`);
      const operation = page.locator('#operations-service-HelloController_hello');
      await operation.click();
      await operation.getByRole('button', { name: 'Try it out' }).click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      await operation.locator('.live-responses-table', { hasText: 'Slipway is afloat.' }).waitFor();

      expect(await page.locator('.opblock').count()).toBe(5);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
