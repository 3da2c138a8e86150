import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../root.ts';

/** The room `iac/`. */
export const IAC = path.join(ROOT, 'iac');

/** The layers that an environment is made of, in the order in which they are applied. */
export const LAYERS = ['connectivity', 'security', 'databases', 'application'] as const;
/** All root modules. */
export const ROOTS = ['bootstrap', ...LAYERS] as const;

export type Layer = (typeof LAYERS)[number];
export type Root = (typeof ROOTS)[number];

/** The environments there are: each a folder. */
export const ENVIRONMENTS = readdirSync(path.join(IAC, 'environments'));
