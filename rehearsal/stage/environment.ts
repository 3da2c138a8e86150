import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.ts';

const ENVIRONMENTS = path.join(ROOT, 'iac/environments');

/** What common.auto.tfvars says of an environment. */
export interface Environment {
  name: string;
  account: string;
  region: string;
  hasEdge: boolean;
}

/** The environments that can be rehearsed. */
export function environments(): string[] {
  return readdirSync(ENVIRONMENTS).filter((name) =>
    existsSync(path.join(ENVIRONMENTS, name, 'common.auto.tfvars')),
  );
}

/** Reads an environment's settings. @param name one of `environments()` */
export function readEnvironment(name: string): Environment {
  const file = path.join(ENVIRONMENTS, name, 'common.auto.tfvars');
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
    hasEdge: setting('exposure') === 'edge',
  };
}
