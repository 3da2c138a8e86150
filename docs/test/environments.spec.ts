import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { total, type Costs } from '../costs/arithmetic.mjs';

const root = new URL('../../', import.meta.url);
const costs = JSON.parse(readFileSync(new URL('docs/costs.json', root), 'utf8')) as Costs;

/** What an environment sets in `<layer>.auto.tfvars`; a key is found at any depth, for none is there twice. */
function settingsOf(environment: string, layer: string): (key: string) => string {
  const file = new URL(`iac/environments/${environment}/${layer}.auto.tfvars`, root);
  const text = readFileSync(file, 'utf8');
  return (key) => {
    const value = new RegExp(`^ *${key} *= *"?([\\w.-]+)"?$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`${file.pathname} does not set ${key}`);
    return value;
  };
}

describe.each(Object.entries(costs.environments))('what is counted for %s', (name, { exposure, lines }) => {
  const counted = (price: string, spot?: boolean) =>
    lines
      .filter((line) => spot === undefined || (line.spot ?? false) === spot)
      .reduce((sum, line) => sum + (line.charges[price] ?? 0), 0);
  const common = settingsOf(name, 'common');
  const connectivity = settingsOf(name, 'connectivity');
  const zones = Number(connectivity('zone_count'));

  it('is its exposure', () => {
    expect(exposure).toBe(common('exposure'));
    expect([costs.region, counted('alb') > 0]).toEqual([common('region'), exposure === 'edge']);
  });

  it('is its tasks, on demand and on Spot', () => {
    const application = settingsOf(name, 'application');
    const minimum = Number(application('minimum'));
    const onDemand = Math.min(minimum, Number(application('on_demand_base')));
    for (const [spot, tasks] of [[false, onDemand] as const, [true, minimum - onDemand] as const]) {
      expect(counted('fargate-vcpu-{architecture}', spot)).toBe((tasks * Number(application('cpu'))) / 1024);
      expect(counted('fargate-gb-{architecture}', spot)).toBe((tasks * Number(application('memory'))) / 1024);
    }
  });

  it('is its way out and its public addresses', () => {
    const gateways = { none: 0, endpoints: 0, nat: 1, nat_per_zone: zones }[connectivity('egress')];
    expect(counted('nat-gateway')).toBe(gateways);
    // Four endpoints in two zones: iac/connectivity/endpoints.tf.
    expect(counted('endpoint')).toBe(connectivity('egress') === 'endpoints' ? 8 : 0);
    const tasks = Number(settingsOf(name, 'application')('minimum'));
    expect(counted('ipv4')).toBe((gateways ?? 0) + (exposure === 'edge' ? zones : tasks));
  });

  it('stays below what its budget warns of, which is 80 %', () => {
    const budget = Number(settingsOf(name, 'application')('monthly_budget_usd'));
    const architecture = common('architecture').toLowerCase() as 'x86_64' | 'arm64';
    expect(total(costs, name, architecture)).toBeLessThan(0.8 * budget);
  });

  it('is its database', () => {
    const databases = settingsOf(name, 'databases');
    const copies = databases('multi_az') === 'true' ? 2 : 1;
    expect(counted(databases('instance_class'))).toBe(copies);
    expect(counted('rds-gp3')).toBe(copies * Number(databases('storage_gb')));
  });
});

it('counts every rule of the firewall', () => {
  const waf = readFileSync(new URL('iac/security/waf.tf', root), 'utf8');
  const groups = /managed_rule_groups = \[([^\]]*)\]/.exec(waf)?.[1]?.match(/"/g)?.length ?? 0;
  const rules = costs.environments['production']?.lines.map((line) => line.charges['waf-rule'] ?? 0) ?? [];
  expect(Math.max(...rules)).toBe(groups / 2 + 1);
});
