import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOTS } from '@slipway/test-helpers/terraform/layers';
import { TREES } from './support/callers.ts';
import { ROOT } from '@slipway/test-helpers/root';

const ENVIRONMENTS = path.join(ROOT, 'examples/consumer/environments');

/** The variables of a layer, by name, and whether a caller has to set them. */
async function variablesOf(layer: string): Promise<Map<string, boolean>> {
  const folder = path.join(ROOT, 'iac', layer);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.tf'));
  const text = (await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))).join('\n');
  const blocks = [...text.matchAll(/^variable "(\w+)" \{\n(.*?)^\}/gms)];
  return new Map(blocks.map(([, name = '', body = '']) => [name, !/^ {2}default\b/m.test(body)]));
}

/** What a file sets; a file that would say only what the defaults say need not exist. */
async function settingsIn(file: string): Promise<string[]> {
  if (!existsSync(path.join(ENVIRONMENTS, file))) return [];
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

it('is small: at most 80 lines that say something, in at most 10 files', async () => {
  const root = path.join(ROOT, 'examples/consumer');
  const names = await readdir(root, { recursive: true });
  const files = names.filter((name) => /^(\.github|environments)\/.*\.(yml|tfvars|hcl)$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(path.join(root, name), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => !/^\s*(#|$)/.test(line));
  expect(files.length).toBeLessThanOrEqual(10);
  expect(lines.length).toBeLessThanOrEqual(80);
});

describe.each([
  ['slipway', 'iac/environments'],
  ['consumer', 'examples/consumer/environments'],
] as const)('a start by hand of %s', (tree, folder) => {
  const choices = TREES[tree].callers.flatMap(({ name, inputs }) =>
    Object.entries(inputs)
      .filter(([input, { options }]) => options && /^(environment|from|to)$/.test(input))
      .map(([input, { options = [] }]) => [path.basename(name), input, options] as const),
  );

  it.each(choices)('%s offers as %s the environments that there are', async (_, __, options) => {
    expect(options.toSorted()).toEqual((await readdir(path.join(ROOT, folder))).toSorted());
  });
});
