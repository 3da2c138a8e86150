/**
 * The first two releases of a quick rehearsal. Its arguments are the report's file and `fail`, which adds a step that
 * fails. Not a test: tests start it.
 */
import { perform } from '../../perform.ts';
import { python } from '../../python.ts';
import { events } from '../../stage/pipeline.ts';
import { endLoad } from '../../steps/index.ts';
import { QUICK, raiseQuick } from '../../steps/quick.ts';
import { releases } from '../../steps/releases.ts';
import type { Step } from '../../steps/step.ts';

const failing: Step = {
  title: 'fail',
  run: () => Promise.reject(new Error('as the test wants it')),
};

const [report = '', ...wishes] = process.argv.slice(2);
const all = [raiseQuick, ...releases.slice(0, 2)];
process.exit(
  await perform({
    environment: QUICK,
    python: python(),
    pipeline: events,
    steps: wishes.includes('fail') ? [...all, failing, endLoad] : [...all, endLoad],
    keep: wishes.includes('keep'),
    json: true,
    report,
  }),
);
