/**
 * @typedef {'x86_64' | 'arm64'} Architecture
 * @typedef {{ name: string, usd: number, unit: string, sources?: string[], unconfirmed?: string }} Price
 * @typedef {{ item: string, charges: Record<string, number>, spot?: boolean, pauses?: boolean }} Line
 * @typedef {{ exposure: string, lines: Line[] }} Environment
 * @typedef {{
 *   region: string, hoursPerMonth: number, lookedUp: string,
 *   pause: { hoursPerDay: number, daysPerWeek: number, adds: Line },
 *   spotDiscount: { counted: number, best: number, sources: string[] },
 *   environments: Record<string, Environment>,
 *   compared: {
 *     tasks: { vcpu: number, gb: number }[],
 *     fleet: { tasks: number, onDemand: number, vcpu: number, gb: number },
 *     endpoints: string[],
 *     databases: { instance: string, gb: number }[],
 *     traffic: string[],
 *   },
 *   prices: Record<string, Price>,
 *   sources: Record<string, { name: string, address: string, date: string }>,
 * }} Costs
 */

/** @type {Architecture[]} */
export const architectures = ['x86_64', 'arm64'];

/** @param {number} usd @returns {number} to the cent, so that a table's lines add up to its total. */
export const toCents = (usd) => Math.round(Number((usd * 100).toFixed(6))) / 100;

/** @param {Costs} costs @param {string} id @returns {Price} @throws when costs.json has no such price. */
export function priceOf(costs, id) {
  const price = costs.prices[id];
  if (!price) throw new Error(`costs.json: there is no price "${id}"`);
  return price;
}

/**
 * @param {Costs} costs
 * @param {Record<string, number>} charges quantities by price; `{architecture}` in a name is filled in.
 * @param {Architecture} architecture
 * @param {number} [discount] share taken off, 0 to 1.
 * @returns {number} USD a month, to the cent.
 */
export function monthly(costs, charges, architecture, discount = 0) {
  const parts = Object.entries(charges).map(([id, quantity]) => {
    const { usd, unit } = priceOf(costs, id.replace('{architecture}', architecture));
    return usd * quantity * (unit.endsWith('-hour') ? costs.hoursPerMonth : 1);
  });
  return toCents(parts.reduce((sum, part) => sum + part, 0) * (1 - discount));
}

/** @param {Costs} costs @param {Line} line @param {Architecture} architecture */
export const lineCost = (costs, line, architecture) =>
  monthly(costs, line.charges, architecture, line.spot ? costs.spotDiscount.counted : 0);

/** @param {Costs} costs @param {string} name @param {Architecture} architecture @returns {number} USD a month. */
export function total(costs, name, architecture) {
  const lines = costs.environments[name]?.lines ?? [];
  return toCents(lines.reduce((sum, line) => sum + lineCost(costs, line, architecture), 0));
}

/** @param {Costs} costs @returns {number} the share of a week in which what pauses is there. */
export const pausedShare = ({ pause: { hoursPerDay, daysPerWeek } }) =>
  (hoursPerDay * daysPerWeek) / (7 * 24);

/** @param {Costs} costs @param {Line} line @param {Architecture} architecture @returns {number} what it costs with a pause. */
export const pausedLineCost = (costs, line, architecture) =>
  toCents(lineCost(costs, line, architecture) * (line.pauses ? pausedShare(costs) : 1));

/** @param {Costs} costs @param {string} name @param {Architecture} architecture @returns {number} USD a month with a pause. */
export function pausedTotal(costs, name, architecture) {
  const lines = [...(costs.environments[name]?.lines ?? []), costs.pause.adds];
  return toCents(lines.reduce((sum, line) => sum + pausedLineCost(costs, line, architecture), 0));
}

/** @param {number} vcpu @param {number} gb */
export const taskCharges = (vcpu, gb) => ({
  'fargate-vcpu-{architecture}': vcpu,
  'fargate-gb-{architecture}': gb,
});

/** @param {Costs} costs @param {number} gateways */
export const natCost = (costs, gateways) =>
  monthly(costs, { 'nat-gateway': gateways, ipv4: gateways }, 'x86_64');

/** @param {Costs} costs @returns {number} of the interface endpoints, which stand in two zones, however many there are. */
export const endpointCost = (costs) =>
  monthly(costs, { endpoint: costs.compared.endpoints.length * 2 }, 'x86_64');

/**
 * @param {Costs} costs
 * @param {number} saved USD a month that the endpoints save by replacing gateways.
 * @returns {number} GB a month from which the endpoints are the cheaper way; 0 when they always are.
 */
export function breakEven(costs, saved) {
  const perGb = priceOf(costs, 'nat-gb').usd - priceOf(costs, 'endpoint-gb').usd;
  return Math.max(0, Math.ceil(Number(((endpointCost(costs) - saved) / perGb).toFixed(6))));
}
