import {
  architectures,
  breakEven,
  endpointCost,
  lineCost,
  monthly,
  natCost,
  pausedLineCost,
  pausedTotal,
  priceOf,
  taskCharges,
  toCents,
  total,
} from './arithmetic.mjs';

/**
 * @typedef {import('./arithmetic.mjs').Costs} Costs
 * @typedef {import('./arithmetic.mjs').Architecture} Architecture
 */

/** @param {number} usd */
const money = (usd) => usd.toFixed(2);

/**
 * @param {string[]} head
 * @param {string[][]} rows
 * @param {number[]} [numbers] the columns of numbers, which are set to the right; by default all but the first.
 */
const table = (head, rows, numbers = head.map((_, column) => column).slice(1)) =>
  [head, head.map((_, column) => (numbers.includes(column) ? '--:' : '---')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** @param {Costs} costs */
function totals(costs) {
  return table(
    ['environment', 'exposure', 'x86', 'ARM64'],
    Object.entries(costs.environments).flatMap(([name, { exposure, lines }]) => {
      /** @param {string} more @param {typeof total} sum */
      const row = (more, sum) => [
        `\`${name}\`${more}`,
        `\`${exposure}\``,
        ...architectures.map((architecture) => `**${money(sum(costs, name, architecture))}**`),
      ];
      const pauses = lines.some((line) => line.pauses);
      return [row('', total), ...(pauses ? [row(', with `pause`', pausedTotal)] : [])];
    }),
    [2, 3],
  );
}

/** @param {Costs} costs @param {string} name */
function environment(costs, name) {
  const lines = costs.environments[name]?.lines ?? [];
  return table(
    ['line', 'x86', 'ARM64'],
    [
      ...lines.map((line) => [line.item, ...architectures.map((each) => money(lineCost(costs, line, each)))]),
      ['**a month**', ...architectures.map((each) => `**${money(total(costs, name, each))}**`)],
    ],
  );
}

/** @param {Costs} costs */
function pause(costs) {
  const name = 'development';
  const lines = costs.environments[name]?.lines.filter((line) => line.pauses) ?? [];
  return table(
    ['line', 'x86', 'ARM64'],
    [
      ...[...lines, costs.pause.adds].map((line) => [
        line.item,
        ...architectures.map((each) => money(pausedLineCost(costs, line, each))),
      ]),
      [
        '**a month, with all other lines**',
        ...architectures.map((each) => `**${money(pausedTotal(costs, name, each))}**`),
      ],
    ],
  );
}

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`;

/** @param {Costs} costs */
function tasks(costs) {
  const { counted, best } = costs.spotDiscount;
  const { tasks: count, onDemand, vcpu, gb } = costs.compared.fleet;
  /** @param {Architecture} each @param {number} discount */
  const mixed = (each, discount) =>
    toCents(
      monthly(costs, taskCharges(vcpu * onDemand, gb * onDemand), each) +
        monthly(costs, taskCharges(vcpu * (count - onDemand), gb * (count - onDemand)), each, discount),
    );
  const sizes = costs.compared.tasks.flatMap((size) =>
    architectures.map((each) => [
      `one task of ${size.vcpu} vCPU and ${size.gb} GB, ${label(each)}`,
      ...[0, counted, best].map((discount) =>
        money(monthly(costs, taskCharges(size.vcpu, size.gb), each, discount)),
      ),
    ]),
  );
  const fleets = architectures.map((each) => [
    `production's ${count} tasks, the first always on demand, ${label(each)}`,
    ...[0, counted, best].map((discount) => money(mixed(each, discount))),
  ]);
  return table(
    ['', 'on demand', `Spot, ${percent(counted)} off`, `Spot, ${percent(best)} off`],
    [...sizes, ...fleets],
  );
}

/** @param {Architecture} architecture */
const label = (architecture) => (architecture === 'arm64' ? 'ARM64' : 'x86');

/** @param {Costs} costs */
function network(costs) {
  const perGb = (/** @type {string} */ id) => priceOf(costs, id).usd.toFixed(3);
  const ways = [
    ['`none`', () => 0, '–'],
    ['`nat`', () => natCost(costs, 1), perGb('nat-gb')],
    ['`nat_per_zone`', natCost, perGb('nat-gb')],
    [`\`endpoints\`: ${costs.compared.endpoints.length}, in two zones`, endpointCost, perGb('endpoint-gb')],
  ];
  return table(
    ['egress', '2 zones', '3 zones', 'and each GB'],
    ways.map(([name, cost, gb]) => [
      String(name),
      ...[2, 3].map((zones) => money(typeof cost === 'function' ? cost(costs, zones) : 0)),
      String(gb),
    ]),
  );
}

/** @param {Costs} costs */
function breakEvens(costs) {
  /** @param {number} saved */
  const from = (saved) => {
    const gb = breakEven(costs, saved);
    return gb === 0 ? 'always cheaper' : `from ${gb.toLocaleString('en')} GB`;
  };
  return table(
    ['endpoints are cheaper', '2 zones', '3 zones'],
    [
      ['instead of `nat`', ...[2, 3].map(() => from(natCost(costs, 1)))],
      ['instead of `nat_per_zone`', ...[2, 3].map((zones) => from(natCost(costs, zones)))],
      ['beside a NAT that stays', ...[2, 3].map(() => from(0))],
    ],
  );
}

/** @param {Costs} costs */
function databases(costs) {
  return table(
    ['', 'one zone', 'Multi-AZ'],
    costs.compared.databases.map(({ instance, gb }) => [
      `${instance}, ${gb} GB gp3${priceOf(costs, instance).unconfirmed ? ' (not confirmed)' : ''}`,
      ...[1, 2].map((copies) =>
        money(monthly(costs, { [instance]: copies, 'rds-gp3': gb * copies }, 'x86_64')),
      ),
    ]),
  );
}

/** @param {Costs} costs */
function traffic(costs) {
  return table(
    ['what', 'USD', 'for each'],
    costs.compared.traffic.map((id) => {
      const { name, usd, unit } = priceOf(costs, id);
      return [name, String(usd), unit === 'LCU-hour' ? 'LCU and hour' : unit];
    }),
    [1],
  );
}

/** @param {Costs} costs */
function prices(costs) {
  const { counted, best, sources: spotSources } = costs.spotDiscount;
  /** @param {string[]} ids */
  const numbers = (ids) =>
    ids
      .map((id) => numberOf(costs, id))
      .toSorted((a, b) => a - b)
      .join(', ');
  return table(
    ['price', 'USD', 'unit', 'sources'],
    [
      ...Object.values(costs.prices).map(({ name, usd, unit, sources, unconfirmed }) => [
        name,
        String(usd),
        unit,
        sources ? numbers(sources) : `**not confirmed**: ${unconfirmed}`,
      ]),
      [
        'Fargate Spot',
        `${percent(counted)} to ${percent(best)} off`,
        'both of the above',
        `${numbers(spotSources)}; today's price **not confirmed**`,
      ],
    ],
    [1],
  );
}

/** @param {Costs} costs @param {string} id @returns {number} the place of a source in the list, from 1. */
function numberOf(costs, id) {
  const place = Object.keys(costs.sources).indexOf(id);
  if (place === -1) throw new Error(`costs.json: there is no source "${id}"`);
  return place + 1;
}

/** @param {Costs} costs */
const sources = (costs) =>
  Object.values(costs.sources)
    .map(({ name, address, date }, place) => `${place + 1}. [${name}](${address}), ${date}`)
    .join('\n');

/** @param {Costs} costs @returns {Record<string, string>} every table of the page, by the name of its markers. */
export const tables = (costs) => ({
  totals: totals(costs),
  ...Object.fromEntries(Object.keys(costs.environments).map((name) => [name, environment(costs, name)])),
  pause: pause(costs),
  tasks: tasks(costs),
  network: network(costs),
  'break-even': breakEvens(costs),
  databases: databases(costs),
  traffic: traffic(costs),
  prices: prices(costs),
  sources: sources(costs),
});
