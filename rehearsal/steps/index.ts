import { events } from './events.ts';
import { killOne, takeBack } from './faults.ts';
import { destroy, planAgain, raise } from './infrastructure.ts';
import { raiseQuick } from './quick.ts';
import { releases } from './releases.ts';
import { noSecrets } from './secrets.ts';
import type { Step } from './step.ts';

/** The last of the load: every answer is waited for. */
export const endLoad: Step = {
  title: 'end the load',
  async run(stage) {
    stage.settle();
    await stage.get('load').stop();
    stage.settle();
    return `${stage.requests.sent} requests, ${stage.requests.failed} failed`;
  },
};

/** Everything that needs no Terraform. */
export const quickSteps: Step[] = [raiseQuick, ...releases, ...events, takeBack, killOne, endLoad, noSecrets];

/** The whole rehearsal. @param isKept leaves the environment up at the end */
export function steps(isKept: boolean): (Step | Step[])[] {
  // The last release is made: what takes tasks away concerns no plan.
  const all = [...raise, ...releases, ...events, [planAgain, takeBack], killOne, endLoad, noSecrets];
  return isKept ? all : [...all, ...destroy];
}
