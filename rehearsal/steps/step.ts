import type { Stage } from '../stage/stage.ts';

/** One line of the list. */
export interface Step {
  title: string;
  /** @returns what there is to tell, if anything; throws when a guarantee does not hold */
  run(stage: Stage): Promise<string | undefined>;
}
