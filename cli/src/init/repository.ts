import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { environmentsIn } from '../environments.ts';
import { readSettings, type Value } from './settings.ts';

/** The names that are read and written, by the file of an environment that holds them. */
const NAMES = {
  common: [
    'name',
    'environment',
    'account_id',
    'region',
    'exposure',
    'architecture',
    'domain',
    'state_bucket',
  ],
  bootstrap: ['github', 'environments'],
  security: ['allowed_cidrs', 'api_port', 'alarm_emails'],
  application: ['task', 'edge', 'pull_accounts', 'outcome_emails'],
} as const;

export type Layer = keyof typeof NAMES;

/** The settings of one environment as they are, by file; what a file does not give is null. */
export type Settings = { [layer in Layer]: Record<string, Value> };

/** What a repository holds of Slipway's. */
export interface Repository {
  environmentsPath: string;
  environments: Map<string, Settings>;
}

export function fileOf(environmentsPath: string, environment: string, layer: Layer): string {
  return path.join(environmentsPath, environment, `${layer}.auto.tfvars`);
}

/** Reads every environment, and the one that is to be made, which has nothing yet. */
export function readRepository(environmentsPath: string, made: string): Repository {
  const names = [...new Set([...environmentsIn(environmentsPath), made])];
  const settingsOf = (environment: string): Settings => {
    const read = (layer: Layer) =>
      readSettings(fileOf(environmentsPath, environment, layer), [...NAMES[layer]]);
    return {
      common: read('common'),
      bootstrap: read('bootstrap'),
      security: read('security'),
      application: read('application'),
    };
  };
  return { environmentsPath, environments: new Map(names.map((name) => [name, settingsOf(name)])) };
}

/** The text of a file; empty where it is not there. */
export function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** What a caller's workflow gives an input, where the file is there and says it. */
export function inputIn(file: string, input: string): string | undefined {
  return new RegExp(`[{,\\s]${input}: ([\\w./-]+)`).exec(withoutStarts(textOf(file)))?.[1];
}

/** Only the calls: what starts a workflow has inputs of the same names. */
function withoutStarts(text: string): string {
  return text.slice(Math.max(0, text.indexOf('\njobs:')));
}
