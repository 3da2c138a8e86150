import type { Tally } from '../load/load.ts';
import type { Cost, Stage } from '../stage/stage.ts';
import type { TimelineData } from './timeline.ts';

/** How a step went. */
export interface StepResult {
  title: string;
  seconds: number;
  status: 'done' | 'failed' | 'not reached';
  /** What it has to tell, or why it failed. */
  detail: string;
}

/** Everything that the summary, the JSON line and the report are made from. */
export interface Result {
  environment: string;
  /** ISO 8601. */
  startedAt: string;
  seconds: number;
  steps: StepResult[];
  requests: Tally;
  /** What killing one task cost, which nothing can prevent. */
  killed: Cost | undefined;
  /** What a release cost that was ready and answered 500, until its alarm had brought back the one before. */
  erring: Cost | undefined;
  secondsFromPushToRollout: number | undefined;
  /** Commit by name: A, B and so on. */
  commits: Record<string, string>;
  timeline: TimelineData;
}

export function hasFailed({ steps, requests }: Result): boolean {
  return requests.failed > 0 || steps.some(({ status }) => status !== 'done');
}

/** @param stage undefined where even the emulator did not start */
export function collect(
  stage: Stage | undefined,
  environment: string,
  startedAt: Date,
  steps: StepResult[],
): Result {
  const images = [...(stage?.images ?? [])];
  return {
    environment,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    steps,
    requests: stage?.requests ?? { sent: 0, failed: 0, lookedUpAgain: 0 },
    killed: stage?.killed,
    erring: stage?.erring,
    secondsFromPushToRollout: stage?.secondsFromPushToRollout,
    commits: Object.fromEntries(images.map(([name, { commit }]) => [name, commit])),
    timeline: stage?.timeline.data ?? { answers: [], tasks: [], events: [] },
  };
}
