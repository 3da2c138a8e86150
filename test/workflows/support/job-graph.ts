/**
 * A model of how GitHub decides which jobs of a run start, as far as act plays it otherwise or not at all. The rules, and
 * where they are written:
 *  - a job starts when every job that it needs has ended; its `if` then decides (docs.github.com, workflow syntax, needs, if);
 *  - success() is true only where every job before it, at any distance, has succeeded: one that was skipped is enough to
 *    make it false (actions/runner#491, #2205), also one inside a called workflow (community discussion 189172,
 *    ai-dynamo/dynamo#7169);
 *  - failure() is true where any of them has failed (docs.github.com, expressions, status check functions);
 *  - a job can end cancelled by itself (its time is up, a newer one of its concurrency group), while cancelled(), which is
 *    about the whole run, stays false;
 *  - whether the jobs of a called workflow look at what stands before the call is written nowhere: both are tried.
 */
import type { Choose } from './explore.ts';
import { conditionOf, evaluate, isTrue, render, type Status } from './expressions.ts';
import type { Job, Workflow, Workflows } from './callers.ts';

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

/** How a job without jobs of its own ended. */
export interface Ended {
  /** The calls that lead to it and its own name: first/apply. */
  readonly path: string;
  readonly result: Result;
  /** Whether its own condition wanted it to run, had all before it gone well. */
  readonly wanted: boolean;
  /** How all before it ended. */
  readonly before: readonly Result[];
  /** The GitHub environment by which it takes a role; nothing where it has no token for that. */
  readonly role?: string;
}

const WELL: Status = { success: true, failure: false, cancelled: false, always: true };

/**
 * Plays one history of a run.
 * @param seesOutside whether jobs of a called workflow look at what stands before the call
 * @param started what is known of the event that starts it
 */
export function playRun(
  workflows: Workflows,
  workflow: Workflow,
  choose: Choose,
  seesOutside: boolean,
  started: object = {},
): Ended[] {
  const inputs = Object.fromEntries(
    Object.keys(workflow.inputs).map((name) => [name, choose(`inputs.${name}`, workflows.valuesOf(name))]),
  );
  const github = { ...GITHUB, event_name: choose('event', workflow.events), ...started };
  return playJobs(workflow, inputs, '', []);

  function playJobs(of: Workflow, given: object, prefix: string, outside: readonly Result[]): Ended[] {
    const done = new Map<string, { leaves: Ended[]; before: Result[] }>();
    while (done.size < Object.keys(of.jobs).length) {
      const next = Object.entries(of.jobs).find(
        ([name, job]) => !done.has(name) && needsOf(job).every((one) => done.has(one)),
      );
      if (!next) throw new Error(`${of.name}: jobs need each other in a circle`);
      const [name, job] = next;
      const before = needsOf(job).flatMap((one) => {
        const need = done.get(one)!;
        return [...need.leaves.map(({ result }) => result), ...need.before];
      });
      const needs = Object.fromEntries(needsOf(job).map((one) => [one, needed(`${prefix}${one}`, one)]));
      const all = [...before, ...(seesOutside ? outside : [])];
      done.set(name, {
        leaves: playJob(job, `${prefix}${name}`, { inputs: given, needs, github }, all),
        before,
      });
    }
    return [...done.values()].flatMap(({ leaves }) => leaves);

    function needed(path: string, one: string) {
      const result = resultOf(done.get(one)!.leaves);
      const outputs = (of.outputs[one] ?? []).map((output) => [
        output,
        result === 'success' ? choose(`${path}.outputs.${output}`, workflows.valuesOf(output)) : '',
      ]);
      return { result, outputs: Object.fromEntries(outputs) as object };
    }
  }

  function playJob(job: Job, path: string, contexts: Record<string, unknown>, before: Result[]): Ended[] {
    const condition = conditionOf(job.if);
    const status = {
      success: before.every((one) => one === 'success'),
      failure: before.includes('failure'),
      cancelled: false,
      always: true,
    };
    const wanted = isTrue(evaluate(condition, contexts, WELL));
    if (!isTrue(evaluate(condition, contexts, status))) return [{ path, result: 'skipped', wanted, before }];
    if (job.uses === undefined) {
      const result = choose<Result>(path, ['success', 'failure', 'cancelled']);
      const role = roleOf(job, contexts);
      return [{ path, result, wanted, before, ...(role !== undefined && { role }) }];
    }
    const called = workflows.called(job.uses);
    const defaults = Object.entries(called.inputs).map(([name, input]) => [name, input.default ?? '']);
    const passed = Object.entries(job.with ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? render(value, contexts) : value,
    ]);
    return playJobs(called, Object.fromEntries([...defaults, ...passed]) as object, `${path}/`, before);
  }
}

const GITHUB = { sha: 'commit', run_id: 'run', ref: 'refs/heads/main' };

function needsOf({ needs = [] }: Job): string[] {
  return typeof needs === 'string' ? [needs] : needs;
}

function roleOf({ permissions, environment = '' }: Job, contexts: object): string | undefined {
  if (permissions?.['id-token'] !== 'write') return undefined;
  return render(typeof environment === 'string' ? environment : environment.name, { ...contexts });
}

function resultOf(leaves: readonly Ended[]): Result {
  const results = leaves.map(({ result }) => result);
  for (const one of ['failure', 'cancelled'] as const) if (results.includes(one)) return one;
  return results.every((one) => one === 'skipped') ? 'skipped' : 'success';
}

/** What the page of the run shows. */
export function conclusionOf(jobs: readonly Ended[]): Result {
  return resultOf(jobs);
}

/** Jobs that were left out without a word: wanted, nothing before them failed or was cancelled, and yet skipped. */
export function leftOut(jobs: readonly Ended[]): string[] {
  return jobs
    .filter(({ result, wanted, before }) => result === 'skipped' && wanted && !wentWrong(before))
    .map(({ path }) => path);
}

/** Jobs that ran although something before them failed or was cancelled. */
export function ranAnyway(jobs: readonly Ended[]): string[] {
  return jobs
    .filter(({ result, before }) => result !== 'skipped' && wentWrong(before))
    .map(({ path }) => path);
}

function wentWrong(before: readonly Result[]): boolean {
  return before.includes('failure') || before.includes('cancelled');
}
