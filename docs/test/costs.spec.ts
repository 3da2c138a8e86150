import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  breakEven,
  endpointCost,
  monthly,
  natCost,
  pausedTotal,
  total,
  type Costs,
} from '../costs/arithmetic.mjs';

const costs = JSON.parse(readFileSync(new URL('../costs.json', import.meta.url), 'utf8')) as Costs;
const lines = Object.values(costs.environments).flatMap((environment) => environment.lines);

describe('the page', () => {
  it('says what costs.json says', async () => {
    const script = fileURLToPath(new URL('../costs.mjs', import.meta.url));
    await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toMatchObject({
      stderr: '',
    });
  });

  it('adds up: the lines of each environment, as they stand in its table, are its total', () => {
    const page = readFileSync(new URL('../costs.md', import.meta.url), 'utf8');
    for (const name of Object.keys(costs.environments)) {
      const table = page.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0] ?? '';
      const amounts = [...table.matchAll(/\| +(\d+\.\d\d) \| +(\d+\.\d\d) \|$/gm)];
      expect(amounts).toHaveLength(costs.environments[name]?.lines.length ?? -1);
      for (const [column, architecture] of [[1, 'x86_64'] as const, [2, 'arm64'] as const]) {
        const cents = amounts.reduce((sum, amount) => sum + Math.round(Number(amount[column]) * 100), 0);
        expect(total(costs, name, architecture)).toBe(cents / 100);
        expect(table).toMatch(new RegExp(`\\*\\*a month\\*\\*.*\\*\\*${(cents / 100).toFixed(2)}\\*\\*`));
      }
    }
  });
});

describe('the arithmetic', () => {
  it('counts prices per hour for 730 hours and others once, to the cent', () => {
    expect(monthly(costs, { 'nat-gateway': 1 }, 'x86_64')).toBe(32.85);
    expect(monthly(costs, { alb: 1 }, 'x86_64')).toBe(16.43);
    expect(monthly(costs, { secret: 1 }, 'x86_64')).toBe(0.4);
  });

  it('takes the price of the architecture, and the discount off it', () => {
    const task = { 'fargate-vcpu-{architecture}': 0.5, 'fargate-gb-{architecture}': 1 };
    expect(monthly(costs, task, 'x86_64')).toBe(18.02);
    expect(monthly(costs, task, 'arm64')).toBe(14.42);
    expect(monthly(costs, task, 'x86_64', 0.7)).toBe(5.41);
  });

  it('keeps development, as it is shipped, below 27 USD a month, and with a pause below 16', () => {
    expect(total(costs, 'development', 'arm64')).toBeLessThan(27);
    expect(pausedTotal(costs, 'development', 'arm64')).toBeLessThan(16);
  });

  it('breaks even where both ways cost the same', () => {
    const gb = breakEven(costs, natCost(costs, 1));
    const difference = (at: number) => endpointCost(costs) + 0.01 * at - natCost(costs, 1) - 0.045 * at;
    expect(difference(gb)).toBeLessThanOrEqual(0);
    expect(difference(gb - 1)).toBeGreaterThan(0);
  });

  it('refuses a price that is not there', () => {
    expect(() => monthly(costs, { gold: 1 }, 'x86_64')).toThrow('there is no price "gold"');
  });
});

describe('the prices', () => {
  it.each(Object.entries(costs.prices))(
    '%s has its sources, or says that it is not confirmed',
    (_, price) => {
      const { sources = [], unconfirmed = '' } = price;
      expect(Number(sources.length > 0) + Number(unconfirmed !== '')).toBe(1);
      for (const source of sources) expect(costs.sources).toHaveProperty([source]);
    },
  );

  it('are all used, and so are their sources', () => {
    const { fleet, databases, traffic } = costs.compared;
    const priced = [
      ...lines.flatMap((line) => Object.keys(line.charges)),
      ...databases.map(({ instance }) => instance),
      ...traffic,
      // What the comparison of networks counts by itself.
      'nat-gateway',
      'endpoint',
    ];
    const used = new Set(
      priced.flatMap((id) => ['x86_64', 'arm64'].map((each) => id.replace('{architecture}', each))),
    );
    expect(fleet.onDemand).toBeLessThan(fleet.tasks);
    expect(Object.keys(costs.prices).filter((id) => !used.has(id))).toEqual([]);
    const cited = new Set([
      ...Object.values(costs.prices).flatMap(({ sources = [] }) => sources),
      ...costs.spotDiscount.sources,
    ]);
    expect(Object.keys(costs.sources).filter((id) => !cited.has(id))).toEqual([]);
  });
});
