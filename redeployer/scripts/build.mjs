/** Builds dist/index.mjs and, out of it, a dist/redeployer.zip that is the same byte for byte on every build. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const room = new URL('..', import.meta.url);
const bundle = new URL('dist/index.mjs', room);

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildZip();

/** Writes both files, overwriting what is there. */
export async function buildZip() {
  await build({
    absWorkingDir: fileURLToPath(room),
    entryPoints: ['src/handler.ts'],
    outfile: fileURLToPath(bundle),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // The CommonJS builds of the SDK would need a `require` that an ES module does not have.
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
  await writeFile(new URL('dist/redeployer.zip', room), zip);
}
