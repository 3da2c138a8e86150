import { parse } from 'yaml';
import { readDefinitions } from './tree.ts';
import { ROOT } from '@slipway/test-helpers/root';

export interface Job {
  needs?: string | string[];
  if?: string;
  uses?: string;
  with?: Record<string, unknown>;
  environment?: string | { name: string };
  permissions?: Record<string, string>;
  concurrency?: Concurrency;
}

export type Concurrency = string | { group: string; 'cancel-in-progress'?: unknown; queue?: string };

interface Input {
  type?: string;
  options?: string[];
  default?: unknown;
}

/** A workflow file as far as GitHub's order of jobs depends on it. */
export interface Workflow {
  readonly name: string;
  readonly jobs: Record<string, Job>;
  readonly concurrency?: Concurrency;
  /** By job, the outputs of it that other jobs read. */
  readonly outputs: Record<string, string[]>;
  /** Inputs of a start by hand, and of a call. */
  readonly inputs: Record<string, Input>;
  /** What starts it, beside a call. */
  readonly events: readonly string[];
}

/** The workflows of a tree, and of the Slipway that it calls. */
export class Workflows {
  readonly callers: Workflow[];
  readonly #called: Map<string, Workflow>;
  readonly #conditions: string;
  readonly #values = new Map<string, string[]>();

  private constructor(own: Workflow[], slipway: Workflow[], conditions: string) {
    this.callers = own.filter(({ events }) => events.length > 0);
    this.#called = new Map(slipway.map((one) => [one.name, one]));
    this.#conditions = conditions;
  }

  /** @param slipway the tree of the workflows that are called as slipway-dev/slipway/… and as $/… */
  static async read(root: string, slipway = root): Promise<Workflows> {
    const [own, called] = [await readWorkflows(root), await readWorkflows(slipway)];
    const jobs = [...own, ...called].flatMap((one) => Object.values(one.jobs));
    return new Workflows(own, called, jobs.map((job) => job.if ?? '').join('\n'));
  }

  /** The workflow that a job calls. */
  called(uses: string): Workflow {
    const name = /^(?:\$|slipway-dev\/slipway)\/([^@]+)/.exec(uses)?.[1] ?? uses;
    const workflow = this.#called.get(name);
    if (!workflow) throw new Error(`${uses} is called, and is not there`);
    return workflow;
  }

  /** Every value that the condition of a job compares an input or output of this name with, and one more. */
  valuesOf(name: string): string[] {
    const known = this.#values.get(name) ?? this.#findValues(name);
    this.#values.set(name, known);
    return known;
  }

  #findValues(name: string): string[] {
    const compared = new RegExp(`(?:outputs|inputs)\\.${name}\\s*[!=]=\\s*'([^']*)'`, 'g');
    return [...new Set([...this.#conditions.matchAll(compared)].map(([, value = '']) => value)), 'other'];
  }
}

async function readWorkflows(root: string): Promise<Workflow[]> {
  const definitions = await readDefinitions(root);
  return definitions.filter(({ kind }) => kind === 'workflow').map(readWorkflow);
}

function readWorkflow({ name, text }: { name: string; text: string }): Workflow {
  const { on, jobs, concurrency } = parse(text) as {
    on: Record<string, { inputs?: Record<string, Input> } | null>;
    jobs: Record<string, Job>;
    concurrency?: Concurrency;
  };
  const events = Object.keys(on).filter((event) => event !== 'workflow_call');
  return {
    name,
    jobs,
    ...(concurrency && { concurrency }),
    outputs: Object.fromEntries(
      Object.keys(jobs).map((job) => [
        job,
        [...text.matchAll(new RegExp(`needs\\.${job}\\.outputs\\.([\\w-]+)`, 'g'))].map(
          ([, output = '']) => output,
        ),
      ]),
    ),
    inputs: { ...on['workflow_call']?.inputs, ...on['workflow_dispatch']?.inputs },
    events,
  };
}

/** This repository, and the example of another one that calls it. */
export const TREES = {
  slipway: await Workflows.read(ROOT),
  consumer: await Workflows.read(`${ROOT}/examples/consumer`, ROOT),
};
