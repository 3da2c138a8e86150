import { afterAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { History, type Step } from './fake/history.ts';

/** Another seed or more histories: `HISTORY_SEED=7 HISTORIES=100000 npm test -w redeployer`. */
const seed = Number(process.env['HISTORY_SEED'] ?? 20260301);
const histories = Number(process.env['HISTORIES'] ?? 12000);

const odds = (one: number, of: number) => fc.nat(of - 1).map((drawn) => drawn < one);
const fate = { lost: odds(1, 5), twice: odds(1, 5) };
const kind = fc.constantFrom('error before', 'error after', 'death before', 'death after');
const fault = fc.option(fc.record({ after: fc.nat(9), kind }), { freq: 2 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('push'), healthy: odds(2, 3), ...fate }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('template'), healthy: odds(3, 4) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('request'), which: fc.nat(9), ...fate }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('restart'), rotation: fc.boolean(), ...fate }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('expire') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('noise'), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('schedule') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reorder'), one: fc.nat(5), other: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait'), ms: fc.nat(1500) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('advance'), ...fate }) },
  {
    weight: 9,
    arbitrary: fc.record({ type: fc.constant('deliver'), count: fc.integer({ min: 1, max: 4 }), fault }),
  },
);

let tried = 0;
/** How often each decision was made: a property that never meets a rule says nothing about it. */
const decisions = new Map<string, number>();

test('whatever happens, the service ends on what was pushed or asked for last', async () => {
  // Prepare
  const anyHistory = fc.array(step, { minLength: 4, maxLength: 28, size: 'max' });

  // Act and assess: a history checks every invariant on its way and at its end.
  const property = fc.asyncProperty(anyHistory, async (steps) => {
    tried += 1;
    const history = new History();
    for (const one of steps) await history.take(one);
    await history.settle();
    history.assessEnd();
    for (const one of history.decisions()) decisions.set(one, (decisions.get(one) ?? 0) + 1);
  });
  await fc.assert(property, { seed, numRuns: histories });

  expect(tried).toBeGreaterThanOrEqual(histories);
  const actions = ['deploy', 'nothing', 'record', 'refuse', 'release', 'restart'];
  expect([...decisions.keys()].toSorted()).toEqual(actions);
}, 600_000);

afterAll(() => {
  const made = [...decisions].map(([decision, times]) => `${decision} ${times}`).join(', ');
  process.stdout.write(`histories: ${tried} tried, seed ${seed} (HISTORY_SEED, HISTORIES); ${made}\n`);
});
