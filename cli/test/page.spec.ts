/// <reference lib="dom" />
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { figuresOf } from '../src/status/figures.ts';
import type { Outcome, Rollout, Status, Why } from '../src/status/model.ts';
import { pageOf } from '../src/status/page.ts';

const NOW = Date.parse('2026-11-15T00:00:00Z');

/** Each takes ten minutes. */
function rollout(release: number, digit: string, day: number, why: Why, outcome: Outcome): Rollout {
  const began = Date.parse('2026-11-01T00:00:00Z') + (day - 1) * 24 * 60 * 60 * 1000;
  return {
    commit: digit.repeat(40),
    release,
    why,
    template: 'ledger-template:1',
    chosenAt: new Date(began).toISOString(),
    beganAt: new Date(began).toISOString(),
    endedAt: outcome === 'in-flight' ? null : new Date(began + 600_000).toISOString(),
    outcome,
    reason: outcome === 'rolled-back' ? '<b>tasks failed</b>' : '',
  };
}

const ROLLOUTS = [
  rollout(6, 'e', 14, 'pushed', 'in-flight'),
  rollout(5, 'b', 5, 'restart', 'completed'),
  rollout(4, 'b', 4, 'requested', 'completed'),
  rollout(3, 'd', 3, 'pushed', 'completed'),
  rollout(2, 'c', 2, 'pushed', 'rolled-back'),
  rollout(1, 'b', 1, 'pushed', 'completed'),
];

/** Git knows one of the commits: made an hour before its rollout ended. */
const committedAt = (commit: string) =>
  commit.startsWith('b') ? Date.parse('2026-11-01T00:10:00Z') - 3_600_000 : undefined;

it('counts the four figures as it says', () => {
  expect(figuresOf(ROLLOUTS, committedAt, NOW).map(({ name, value }) => [name, value])).toEqual([
    ['Deployment frequency', '1.5 a week'],
    ['Lead time', '60 min'],
    ['Share of failed releases', '25 %'],
    // By ECS ten minutes, by request a day.
    ['Time to restore', '12.1 h'],
  ]);
});

const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const browserPath = findTool('chromium', 'chromium-browser', 'google-chrome');

describeNeeds(browserPath)('the page of the status', () => {
  let folder: string;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-page-'));
    const status: Status = {
      environment: 'staging',
      account: '111111111111',
      region: 'eu-west-1',
      service: 'ledger-staging',
      running: {
        commit: 'b'.repeat(40),
        release: 5,
        why: 'restart',
        template: 'ledger-template:1',
        since: '2026-11-04T00:10:00.000Z',
      },
      tasks: { running: 2, desired: 2 },
      paused: false,
      rollouts: ROLLOUTS,
    };
    const nothing: Status = { ...status, environment: 'live', running: null, rollouts: [] };
    await writeFile(path.join(folder, 'status.html'), pageOf([status, nothing], committedAt, NOW));
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: browserPath, args });
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1100, height: 900 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => request.url().startsWith('file:') || complaints.push(request.url()));
    await page.goto(pathToFileURL(path.join(folder, 'status.html')).href);
    return page;
  }

  it('shows what runs and each release, asks for nothing, and is read by keyboard, without colours and in the dark', async () => {
    const page = await open('light');
    expect(await page.locator('h2').allTextContents()).toEqual(['staging', 'live']);
    expect(await page.locator('#staging-2').textContent()).toContain('✕ rolled-back<b>tasks failed</b>');
    expect(await page.locator('.timeline a').allTextContents()).toEqual(['●', '✕', '●', '↩', '●', '…']);

    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#staging-2');

    expect(await ground(await open('dark'))).not.toBe(await ground(page));
    expect(complaints).toEqual([]);
  });
});
