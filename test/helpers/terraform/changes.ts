import { readFileSync } from 'node:fs';
import path from 'node:path';
import { IAC, type Layer, type Root } from './layers.ts';

/** What a plan makes of a change: iac/README.md, "Changing what is there". */
export type Effect = 'in place' | 'added or removed' | 'new release' | 'refused' | `made again: ${string}`;

/** A row of the first table: settings of one layer. */
export interface Change {
  layer: Layer;
  /** Paths into the layer's variables, such as `task.cpu`, and what was tried for each; undefined is "the other". */
  settings: { name: string; value: unknown }[];
  effect: Effect;
}

/** A row of the second table: a setting that several layers answer to, in the order in which they are applied. */
export interface Step {
  setting: string;
  value: unknown;
  layers: Layer[];
}

/** @returns the rows of the first table. */
export function changes(): Change[] {
  return rows('changes').map(([layer = '', settings = '', tried = '', effect = '']) => {
    const values =
      tried === 'the other' ? [undefined] : quoted(tried).map((one) => JSON.parse(one) as unknown);
    return {
      layer: layer as Layer,
      settings: quoted(settings).map((name, index) => ({ name, value: values[index] })),
      effect: effect as Effect,
    };
  });
}

/** @returns the rows of the second table. */
export function walk(): Step[] {
  return rows('walk').map(([setting = '', to = '', layers = '']) => ({
    setting: quoted(setting)[0] ?? '',
    value: JSON.parse(quoted(to)[0] ?? '') as unknown,
    layers: layers.split(', ') as Layer[],
  }));
}

/** The variables of a root module, objects by their attributes: `task.cpu`. */
export function settingsOf(root: Root | 'common'): string[] {
  const file = root === 'common' ? 'every-layer/environment.tf' : `${root}/variables.tf`;
  const text = readFileSync(path.join(IAC, file), 'utf8');
  return text
    .split(/^variable "/m)
    .slice(1)
    .flatMap((block) => {
      const name = block.slice(0, block.indexOf('"'));
      const attributes = /^ {2}type *= object\(\{\n([\s\S]*?)^ {2}\}\)/m.exec(block)?.[1];
      if (attributes === undefined) return [name];
      return [...attributes.matchAll(/^ {4}(\w+) *=/gm)].map((one) => `${name}.${one[1]}`);
    });
}

function rows(table: string): string[][] {
  const page = readFileSync(path.join(IAC, 'README.md'), 'utf8');
  const text = page.split(`<!-- ${table} -->`)[1]?.split(`<!-- /${table} -->`)[0] ?? '';
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((one) => one[1] ?? '');
}
