import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';

/** What common.auto.tfvars says of an environment. */
export interface Environment {
  name: string;
  account: string;
  region: string;
  /** Name of the bucket that holds the state. */
  stateBucket: string;
  hasEdge: boolean;
}

/** Reads an environment's settings. @param name a folder of `iac/environments` */
export function readEnvironment(name: string): Environment {
  const file = path.join(ROOT, 'iac/environments', name, 'common.auto.tfvars');
  const text = readFileSync(file, 'utf8');
  const setting = (key: string) => {
    const value = new RegExp(`^${key} *= *"(.*)"`, 'm').exec(text)?.[1];
    if (value === undefined) {
      throw new Error(`${path.relative(ROOT, file)} has no ${key}`);
    }
    return value;
  };
  return {
    name,
    account: setting('account_id'),
    region: setting('region'),
    stateBucket: setting('state_bucket'),
    hasEdge: setting('exposure') === 'edge',
  };
}
