import { describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOTS } from '../../iac/test/support/layers.ts';
import { ROOT } from './support/tree.ts';

const ENVIRONMENTS = path.join(ROOT, 'examples/consumer/environments');

/** The variables of a layer, by name, and whether a caller has to set them. */
async function variablesOf(layer: string): Promise<Map<string, boolean>> {
  const folder = path.join(ROOT, 'iac', layer);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.tf'));
  const text = (await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))).join('\n');
  const blocks = [...text.matchAll(/^variable "(\w+)" \{\n(.*?)^\}/gms)];
  return new Map(blocks.map(([, name = '', body = '']) => [name, !/^ {2}default\b/m.test(body)]));
}

async function settingsIn(file: string): Promise<string[]> {
  const text = await readFile(path.join(ENVIRONMENTS, file), 'utf8');
  return [...text.matchAll(/^(\w+)\s*=/gm)].map(([, name = '']) => name);
}

describe.each(['staging', 'live'])("the example's environment %s", (environment) => {
  it.each(ROOTS)("has what Slipway's layer %s takes, and nothing else", async (layer) => {
    const variables = await variablesOf(layer);
    const common = await settingsIn(`${environment}/common.auto.tfvars`);
    const set = [...common, ...(await settingsIn(`${environment}/${layer}.auto.tfvars`))];

    expect(set.filter((name) => !variables.has(name))).toEqual([]);
    const required = [...variables].filter(([, isRequired]) => isRequired).map(([name]) => name);
    expect(required.filter((name) => !set.includes(name))).toEqual([]);
  });
});
