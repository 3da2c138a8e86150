/** Builds dist/index.mjs and, out of it, a dist/redeployer.zip that is the same byte for byte on every build. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const room = new URL('..', import.meta.url);

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildZip();

/** Writes both files; whoever reads one meanwhile has it whole, the old one or the new one. */
export async function buildZip() {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(room),
    entryPoints: ['src/handler.ts'],
    write: false,
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
  const bundle = /** @type {Uint8Array} */ (outputFiles[0]?.contents);
  // A zip keeps local times: with these parts the entry reads 1980-01-01 in every time zone.
  const mtime = new Date(1980, 0, 1);
  const zip = zipSync({
    'index.mjs': [bundle, { mtime, level: 9, os: 3, attrs: 0o100644 << 16 }],
  });
  await mkdir(new URL('dist/', room), { recursive: true });
  await replace('index.mjs', bundle);
  await replace('redeployer.zip', zip);
}

/**
 * @param {string} name
 * @param {Uint8Array} content
 */
async function replace(name, content) {
  const file = new URL(`dist/${name}`, room);
  const written = new URL(`dist/.${name}.${process.pid}`, room);
  await writeFile(written, content);
  await rename(written, file);
}
