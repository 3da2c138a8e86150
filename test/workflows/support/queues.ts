/**
 * A model of GitHub's concurrency groups (docs.github.com, concurrency): one holder at a time; a newcomer waits, and takes
 * the place of whoever waits already, which is cancelled, unless the group has `queue: max`; with `cancel-in-progress` it
 * cancels the holder too. A run or job that waits for an approval holds its group for as long as that takes.
 */
import { evaluate, isTrue, render } from './expressions.ts';
import type { Concurrency, Workflow, Workflows } from './callers.ts';

/** What enters a concurrency group: a whole run, or one of its jobs. */
export interface Lane {
  /** The workflow and, for a job, the calls that lead to it: infrastructure.yml first/apply. */
  readonly what: string;
  readonly group: string;
  readonly overtakes: boolean;
  readonly hasQueue: boolean;
  /** Whether it holds a job that may wait for an approval, and one that changes infrastructure. */
  readonly isApproved: boolean;
  readonly applies: boolean;
}

/** The text with the name of each output in place of its value, which is the same in every run. */
function fill(text: string, contexts: Record<string, unknown>): string {
  return render(text.replaceAll(/\bneeds\.[\w-]+\.outputs\.([\w-]+)/g, "'$1'"), contexts);
}

/** The lanes that one run of a workflow enters. @param run what is its own: commit, number of the run */
export function lanesOf(workflows: Workflows, workflow: Workflow, run: string): Lane[] {
  const file = workflow.name.replace(/.*\//, '');
  const github = {
    workflow: file,
    event_name: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha: run,
    run_id: run,
  };
  const inputs = Object.keys(workflow.inputs).map((name) => [name, /commit|plan/.test(name) ? run : name]);
  const lanes: Lane[] = [];
  const whole = visit(workflow, Object.fromEntries(inputs) as object, '');
  enter(workflow.concurrency, file, { inputs: Object.fromEntries(inputs) as object, github }, whole);
  return lanes;

  function visit(of: Workflow, given: object, prefix: string): { isApproved: boolean; applies: boolean } {
    const contexts = { inputs: given, github };
    const held = Object.entries(of.jobs).map(([name, job]) => {
      const path = `${prefix}${name}`;
      let holds = { isApproved: false, applies: false };
      if (job.uses === undefined) {
        const { environment = '' } = job;
        const at = fill(typeof environment === 'string' ? environment : environment.name, contexts);
        // Of an environment that bootstrap makes two GitHub environments are known; the one for plans has no reviewers.
        holds = { isApproved: at !== '' && !at.endsWith('-plan'), applies: name === 'apply' };
      } else {
        const called = workflows.called(job.uses);
        const defaults = Object.entries(called.inputs).map(([input, { default: value }]) => [
          input,
          value ?? '',
        ]);
        const passed = Object.entries(job.with ?? {}).map(([input, value]) => [
          input,
          typeof value === 'string' ? fill(value, contexts) : value,
        ]);
        const inside = Object.fromEntries([...defaults, ...passed]) as object;
        holds = visit(called, inside, `${path}/`);
        enter(called.concurrency, `${file} ${path}`, { inputs: inside, github }, holds);
      }
      enter(job.concurrency, `${file} ${path}`, contexts, holds);
      return holds;
    });
    return {
      isApproved: held.some(({ isApproved }) => isApproved),
      applies: held.some(({ applies }) => applies),
    };
  }

  function enter(
    concurrency: Concurrency | undefined,
    what: string,
    contexts: Record<string, unknown>,
    holds: { isApproved: boolean; applies: boolean },
  ) {
    if (concurrency === undefined) return;
    const {
      group,
      'cancel-in-progress': cancel = false,
      queue,
    } = typeof concurrency === 'string' ? { group: concurrency } : concurrency;
    const overtakes =
      typeof cancel === 'string'
        ? isTrue(evaluate(cancel.replace(/^\$\{\{(.*)\}\}$/s, '$1'), contexts))
        : cancel === true;
    lanes.push({ what, group: fill(group, contexts), overtakes, hasQueue: queue === 'max', ...holds });
  }
}

/** What becomes of those who enter one group, in this order, while the first of them waits for an approval that does not come. */
export function playQueue(entering: readonly Lane[]): { lost: Lane[]; waiting: Lane[]; cancelled: Lane[] } {
  let holder: Lane | undefined;
  let waiting: Lane[] = [];
  const lost: Lane[] = [];
  const cancelled: Lane[] = [];
  for (const lane of entering) {
    if (lane.overtakes) {
      if (holder) cancelled.push(holder);
      cancelled.push(...waiting);
      [holder, waiting] = [lane, []];
    } else if (holder) {
      if (!lane.hasQueue) lost.push(...waiting.splice(0));
      waiting.push(lane);
    } else {
      holder = lane;
    }
  }
  return { lost, waiting, cancelled };
}

/** What goes wrong in the groups of a tree: a line for each, empty where all is well. */
export function troubles(workflows: Workflows): string[] {
  const runs = ['1', '2', '3'].map((run) => workflows.callers.flatMap((one) => lanesOf(workflows, one, run)));
  const [first = [], second = [], third = []] = runs;
  const found = first
    .filter(({ isApproved }) => isApproved)
    .flatMap((holder) =>
      second
        .filter(({ group }) => group === holder.group)
        .flatMap((one) =>
          third
            .filter(({ group }) => group === holder.group)
            .flatMap((other) => {
              const { lost, waiting, cancelled } = playQueue([holder, one, other]);
              return [
                ...lost.map(({ what }) => `${what} is lost while ${holder.what} waits for its approval`),
                ...waiting
                  .filter(({ isApproved }) => !isApproved)
                  .map(({ what }) => `${what}, which needs no approval, waits for that of ${holder.what}`),
                ...cancelled
                  .filter(({ applies }) => applies)
                  .map(({ what }) => `${what} is cancelled while it applies`),
              ];
            }),
        ),
    );
  return [...new Set(found)];
}
