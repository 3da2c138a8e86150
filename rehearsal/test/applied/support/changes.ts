import { changes, type Change, type Effect } from '@slipway/test-helpers/terraform/changes';
import type { Layer } from '@slipway/test-helpers/terraform/layers';
import type { Environment } from './environment.ts';
import type { Plan, Values } from './plan.ts';

/** The settings of a plan, by variable. */
export type Settings = Record<string, unknown>;

/** Called anew rather than made again: nothing stands behind it. */
const CALLS = new Set(['aws_lambda_invocation', 'terraform_data']);

/** How a plan ends that is refused: by a condition of ours, by the account, or because there is no such state. */
const REFUSAL = /Resource (pre|post)condition failed|AWS account ID not allowed|Error loading state/;

/** What a plan does, in the words of iac/README.md. */
export function effectOf({ resource_changes: planned }: Plan): Effect {
  const managed = planned.filter(({ mode, type }) => mode === 'managed' && !CALLS.has(type));
  const replaced = new Set(
    managed.filter(({ change }) => isReplacement(change.actions)).map(({ type }) => type),
  );
  const others = [...replaced].filter((type) => type !== 'aws_ecs_task_definition').toSorted();
  if (others.length > 0) return `made again: ${others.join(', ')}`;
  if (replaced.size > 0) return 'new release';
  return managed.some(({ change: { actions } }) => ['create', 'delete'].includes(actions.join()))
    ? 'added or removed'
    : 'in place';
}

/** Rows of the table that are planned together. */
export interface Batch {
  name: string;
  layer: Layer;
  effect: Effect;
  rows: Change[];
}

/** The rows of the table by layer and effect; a refusal ends a plan, so each has one of its own. */
export function batches(): Batch[] {
  const batched = new Map<string, Batch>();
  for (const row of changes()) {
    const { layer, effect, settings } = row;
    const name = `${layer}, ${effect === 'refused' ? `${settings[0]?.name} ` : ''}${effect}`;
    const batch = batched.get(name) ?? { name, layer, effect, rows: [] };
    batch.rows.push(row);
    batched.set(name, batch);
  }
  return [...batched.values()];
}

function isReplacement(actions: string[]): boolean {
  return actions.includes('create') && actions.includes('delete');
}

/**
 * Plans rows of the table together: their settings are other than they are now in each of them, so whatever one alone would
 * do is part of it.
 * @param current the layer's settings as they are planned now.
 * @returns no effect where the plan failed and was not refused.
 */
export async function planTogether(
  environment: Environment,
  { layer, rows }: Batch,
  current: Settings,
): Promise<{ output: string; effect: Effect | undefined }> {
  const wanted = structuredClone(current);
  for (const { name, value } of rows.flatMap(({ settings }) => settings)) {
    set(wanted, name.split('.'), (before) => (value === undefined ? !before : filled(value, environment)));
  }
  const changed = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(current[name]),
  );
  const { output, plan } = await environment.tryPlan(
    layer,
    ...changed.map(([name, value]) => option(name, value)),
  );
  return { output, effect: plan ? effectOf(plan) : REFUSAL.test(output) ? 'refused' : undefined };
}

/** A variable of Terraform's command line. */
export function option(name: string, value: unknown): string {
  return `-var=${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

/** Account and region stand as words in the table. */
function filled(value: unknown, { account, region }: Environment): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('ACCOUNT', account).replaceAll('REGION', region));
}

function set(target: Values, [first = '', ...rest]: string[], change: (before: unknown) => unknown): void {
  if (rest.length === 0) target[first] = change(target[first]);
  else set((target[first] ??= {}) as Values, rest, change);
}
