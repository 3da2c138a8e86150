import { createRequire } from 'node:module';

/** The package that this code belongs to, found by its own name: `src` and `dist` lie at different depths. */
export const manifest = createRequire(import.meta.url)('slipway/package.json') as {
  name: string;
  version: string;
};
