import { readFileSync } from 'node:fs';
import path from 'node:path';
import { IAC } from '@slipway/test-helpers/terraform/layers';

/** What AWS evaluates for a call where its action alone does not say so: iac/authorisation.json. */
export interface Exception {
  call: string;
  why: string;
  /** Addresses of what says so: AWS's pages, or what others met. */
  sources: string[];
  /** What none of these says. */
  unconfirmed?: string;
  evaluated: Evaluated[];
}

export interface Evaluated {
  /** Those that bootstrap makes for GitHub, and those of the layers, as `PREFIX-<role>`. */
  roles: string[];
  action: string;
  resource: string;
  /** The condition keys that exist at that moment; no other does. */
  context?: Record<string, string>;
  /** True: it must not be granted. */
  isRefused?: boolean;
}

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: string | string[];
  Principal?: string | Record<string, string | string[]>;
  Condition?: Record<string, Record<string, string | string[]>>;
  NotAction?: unknown;
  NotResource?: unknown;
  NotPrincipal?: unknown;
}

const FILE = path.join(IAC, 'authorisation.json');

export const exceptions = JSON.parse(readFileSync(FILE, 'utf8')) as Exception[];

/** Whether AWS evaluates the action on `*`, by the table: then it cannot be narrowed. */
export function isEvaluatedOnAll(action: string): boolean {
  return exceptions
    .flatMap(({ evaluated }) => evaluated)
    .some((one) => one.action === action && /(^|:)\*$/.test(one.resource) && one.isRefused !== true);
}

/**
 * Evaluates a request as IAM does within an account: a deny wins, then an allow is needed of the policies, and of the
 * boundary where there is one. A condition on a key that does not exist in the request does not hold.
 */
export function isAllowed(
  request: { action: string; resource: string; context?: Record<string, string> },
  policies: Statement[],
  boundary?: Statement[],
): boolean {
  const says = (effect: Statement['Effect'], statements: Statement[]) =>
    statements.some((one) => one.Effect === effect && covers(one, request));
  if (says('Deny', [...policies, ...(boundary ?? [])])) return false;
  return says('Allow', policies) && (boundary === undefined || says('Allow', boundary));
}

function covers(
  { Action, Resource = '*', Condition = {} }: Statement,
  { action, resource, context = {} }: Parameters<typeof isAllowed>[0],
): boolean {
  return (
    [Action].flat().some((one) => matches(one, action)) &&
    [Resource].flat().some((one) => matches(one, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, [values].flat(), context[key])),
    )
  );
}

function holds(operator: string, values: string[], actual: string | undefined): boolean {
  if (actual === undefined) return false;
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return values.includes(actual);
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return values.some((one) => matches(one, actual));
    default:
      throw new Error(`the evaluation knows no ${operator}`);
  }
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(text);
}
