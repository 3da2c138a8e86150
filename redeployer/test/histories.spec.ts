import { afterAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { READS } from './fake/aws.ts';
import { CLOCKS } from './fake/clock.ts';
import { History, type Setting, type Step } from './fake/history.ts';

/** Another seed or more histories: `HISTORY_SEED=7 HISTORIES=100000 npm test -w redeployer`. */
const seed = Number(process.env['HISTORY_SEED'] ?? 20260301);
const histories = Number(process.env['HISTORIES'] ?? 3000);

const odds = (one: number, of: number) => fc.nat(of - 1).map((drawn) => drawn < one);
const fate = { lost: odds(1, 5), twice: odds(1, 5) };
const kind = fc.constantFrom('error before', 'error after', 'death before', 'death after');
const fault = fc.option(fc.record({ after: fc.nat(9), kind }), { freq: 2 });

/** Reads that are behind: which, for how many answers, by how many changes. */
const staleness = fc.record({
  operation: fc.constantFrom(...READS),
  answers: fc.integer({ min: 1, max: 2 }),
  changesAgo: fc.integer({ min: 1, max: 3 }),
});
const delivery = {
  fault,
  stale: fc.uniqueArray(staleness, { maxLength: 4, selector: ({ operation }) => operation, size: 'max' }),
  direct: fc.constantFrom(null, null, null, null, 'within' as const, 'around' as const),
};

const ahead = fc.integer({ min: -3000, max: 3000 });
const setting: fc.Arbitrary<Setting> = fc.record({
  skew: fc.record(
    Object.fromEntries(CLOCKS.map((clock) => [clock, ahead])) as Record<
      (typeof CLOCKS)[number],
      typeof ahead
    >,
  ),
  updatedAt: fc.constantFrom('start' as const, 'event' as const),
  command: fc.boolean(),
});

const command = fc.oneof(
  { weight: 4, arbitrary: fc.constant('succeeds' as const) },
  { weight: 2, arbitrary: fc.constantFrom('fails' as const, 'cannot start' as const, 'hangs' as const) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('push'), healthy: odds(2, 3), command, ...fate }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('template'), healthy: odds(3, 4) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('command template'), healthy: odds(3, 4) }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('request'), which: fc.nat(9), ahead: odds(1, 9), ...fate }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('restart'), rotation: fc.boolean(), ...fate }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('expire') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('deregister') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('noise'), which: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('schedule') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reorder'), one: fc.nat(5), other: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait'), ms: fc.nat(1500) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('forget') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pause') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('resume') }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('advance'), ...fate }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('advance task'), ...fate }) },
  {
    weight: 9,
    arbitrary: fc.record({
      type: fc.constant('deliver'),
      count: fc.integer({ min: 1, max: 4 }),
      ...delivery,
    }),
  },
);

let tried = 0;
/** How often each decision was made: a property that never meets a rule says nothing about it. */
const decisions = new Map<string, number>();

test('whatever happens, the service ends on what was pushed or asked for last', async () => {
  // Prepare
  const anyHistory = fc.array(step, { minLength: 4, maxLength: 28, size: 'max' });

  // Act and assess: a history checks every invariant on its way and at its end.
  const property = fc.asyncProperty(setting, anyHistory, async (held, steps) => {
    tried += 1;
    const history = new History(held);
    for (const one of steps) await history.take(one);
    await history.settle();
    history.assessEnd();
    for (const one of history.decisions()) decisions.set(one, (decisions.get(one) ?? 0) + 1);
  });
  await fc.assert(property, { seed, numRuns: histories, endOnFailure: process.env['SHRINK'] === 'no' });

  expect(tried).toBeGreaterThanOrEqual(histories);
  const actions = 'conclude deploy nothing record refuse release restart run stop'.split(' ');
  expect([...decisions.keys()].toSorted()).toEqual(actions);
}, 600_000);

afterAll(() => {
  const made = [...decisions].map(([decision, times]) => `${decision} ${times}`).join(', ');
  process.stdout.write(`histories: ${tried} tried, seed ${seed} (HISTORY_SEED, HISTORIES); ${made}\n`);
});
