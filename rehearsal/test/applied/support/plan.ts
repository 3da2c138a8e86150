/** What is read of Terraform's JSON output: developer.hashicorp.com/terraform/internals/json-format. */
export interface Plan {
  variables?: Record<string, { value: unknown }>;
  resource_changes: Change[];
}

export interface Change {
  address: string;
  type: string;
  mode: 'managed' | 'data';
  change: { actions: string[]; after: Values };
}

export interface State {
  values?: { root_module: { resources: Resource[] } };
}

export interface Resource {
  address: string;
  type: string;
  mode: 'managed' | 'data';
  values: Values;
}

export type Values = Record<string, unknown>;

/** The values of every resource of a type, planned or applied. */
export function valuesOf(resources: (Change | Resource)[], type: string): Values[] {
  return resources
    .filter((one) => one.type === type && one.mode === 'managed')
    .map((one) => ('change' in one ? one.change.after : one.values));
}
