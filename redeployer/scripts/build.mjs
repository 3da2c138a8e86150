/** Builds dist/index.mjs and, out of it, a dist/redeployer.zip that is the same byte for byte on every build. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const room = new URL('..', import.meta.url);
const bundle = new URL('dist/index.mjs', room);

await build({
  absWorkingDir: room.pathname,
  entryPoints: ['src/handler.ts'],
  outfile: bundle.pathname,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  alias: { '@aws-sdk/credential-provider-node': './src/ports/lambda-credentials.ts' },
  logLevel: 'warning',
});

// A zip keeps local times: with these parts the entry reads 1980-01-01 in every time zone.
const mtime = new Date(1980, 0, 1);
const zip = zipSync({
  'index.mjs': [await readFile(bundle), { mtime, level: 9, os: 3, attrs: 0o100644 << 16 }],
});
await mkdir(new URL('dist', room), { recursive: true });
await writeFile(new URL('dist/redeployer.zip', room), zip);
