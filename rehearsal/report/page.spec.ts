/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { ROOT } from '@slipway/test-helpers/root';
import { page as makePage } from './page.ts';
import type { Result } from './result.ts';

/** What a rehearsal of production left. */
const recorded = JSON.parse(readFileSync(path.join(import.meta.dirname, 'recorded.json'), 'utf8')) as Result;
const browserPath = findTool('chromium', 'chromium-browser', 'google-chrome');
const answered = (label: string) =>
  recorded.timeline.answers.reduce((sum, { counts }) => sum + (counts[label] ?? 0), 0);

describe('the page', () => {
  it('says what failed, in words', () => {
    const failed = { ...recorded, requests: { ...recorded.requests, failed: 3 } };

    expect(makePage(recorded)).toContain('✓ Everything held.');
    expect(makePage(failed)).toContain('✕ Something did not hold.');
  });

  it('shows text as text', () => {
    const [first, ...others] = recorded.steps;
    const steps = [{ ...first, detail: '<script>alert(1)</script>' }, ...others] as Result['steps'];
    const events = [{ at: 1, kind: 'step' as const, text: '</script><b>' }];
    const text = makePage({ ...recorded, steps, timeline: { ...recorded.timeline, events } });

    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('</script><b>');
  });

  it('is a page also when nothing was reached', () => {
    const timeline = { answers: [], tasks: [], events: [] };

    expect(makePage({ ...recorded, timeline, commits: {} })).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describeNeeds(browserPath)('the page in a browser', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const requested: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rehearsal-page-'));
    await writeFile(path.join(folder, 'report.html'), makePage(recorded));
    browser = await chromium.launch({
      executablePath: browserPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    page = await open('light');
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
    const opened = await browser.newPage({ colorScheme, viewport: { width: 1200, height: 900 } });
    opened.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('request', (request) => requested.push(request.url()));
    await opened.goto(pathToFileURL(path.join(folder, 'report.html')).href);
    return opened;
  }

  it('shows the figures of the run', async () => {
    const { requests, secondsFromPushToRollout, killed, steps } = recorded;

    expect(await page.locator('#sent').textContent()).toBe(String(requests.sent));
    expect(await page.locator('#failed').textContent()).toBe('0');
    expect(await page.locator('#rollout').textContent()).toBe(`${secondsFromPushToRollout} s`);
    expect(await page.locator('#killed').textContent()).toBe(`${killed?.failed} failed`);
    expect(await page.locator('#steps tbody tr').count()).toBe(steps.length);
  });

  it('draws every commit that answered, and says how much each second', async () => {
    for (const [name, commit] of Object.entries(recorded.commits)) {
      const bands = await page.locator(`#timeline path.band.commit-${name.toLowerCase()}`).count();
      expect({ name, bands }).toEqual({ name, bands: answered(commit) > 0 ? 1 : 0 });
    }
    const shown = await page.evaluate(() => {
      const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as {
        answers: { label: string; values: number[] }[];
      };
      return data.answers.map(({ label, values }) => [label, values.reduce((sum, value) => sum + value, 0)]);
    });
    expect(Object.fromEntries(shown)).toMatchObject({
      A: answered(recorded.commits['A'] ?? ''),
      B: answered(recorded.commits['B'] ?? ''),
      '/connect': answered('/connect'),
    });
  });

  it('is walked through with the keyboard alone', async () => {
    const slider = page.locator('#moment');
    await slider.focus();
    const before = await page.locator('#at').textContent();
    for (let press = 0; press < 30; press += 1) {
      await page.keyboard.press('ArrowRight');
    }
    const after = await page.locator('#at').textContent();

    expect(after).not.toBe(before);
    expect(after).toMatch(/^At \d+:\d\d, requests: \d+ .*; tasks: \d+ healthy/);
    expect(await slider.getAttribute('aria-valuetext')).toBe(after);
    await page.locator('#timeline a').first().focus();
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#moment-1');
  });

  it.each(['light', 'dark'] as const)('has text that stands out when it is %s', async (scheme) => {
    const opened = await open(scheme);
    const colours = await opened.evaluate(() => ({
      ground: getComputedStyle(document.body).backgroundColor,
      texts: [...document.querySelectorAll('h1, p, dt, dd, td, li, label')].map(
        (element) => getComputedStyle(element).color,
      ),
      word: getComputedStyle(document.querySelector('.word') as Element).fill,
      bands: [...document.querySelectorAll('#timeline path.band:not(.failed)')].map(
        (band) => getComputedStyle(band).fill,
      ),
    }));
    await opened.close();

    const { ground, texts, word, bands } = colours;
    // WCAG 2.2, level AA.
    expect(Math.min(...texts.map((text) => contrast(text, ground)))).toBeGreaterThanOrEqual(4.5);
    expect(Math.min(...bands.map((band) => contrast(word, band)))).toBeGreaterThanOrEqual(4.5);
  });

  it('needs nothing from anywhere', () => {
    expect(complaints).toEqual([]);
    expect(requested.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
  });

  // `UPDATE_PICTURES=1` puts it where the README shows it.
  it('has its picture taken', async () => {
    const file =
      process.env['UPDATE_PICTURES'] === '1'
        ? path.join(ROOT, 'docs/images/rehearsal.png')
        : path.join(folder, 'rehearsal.png');
    await mkdir(path.dirname(file), { recursive: true });
    const opened = await open('light');
    await opened.screenshot({ path: file, clip: { x: 0, y: 0, width: 1200, height: 925 }, fullPage: true });
    await opened.close();

    expect((await stat(file)).size).toBeLessThan(250_000);
  });
});

/** The ratio by which WCAG tells how well one colour stands out from another; both as `rgb(…)`. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number).map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
