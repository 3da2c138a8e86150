/**
 * Builds the package, dist/package/: the program in one file, and beside it the scripts and layers of this commit at
 * their paths in the repository. `npm pack` of that folder makes the tarball that `npx` runs.
 */
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const room = fileURLToPath(new URL('..', import.meta.url));
const root = path.join(room, '..');
const out = path.join(room, 'dist/package');

/** @param {string[]} args */
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** What the commands run: the actions' scripts, and the layers without their tests. */
const kit = git('ls-files', '.github/actions', 'iac', 'LICENSE')
  .split('\n')
  .filter((file) => /^(\.github\/.*\.(sh|jq)|iac\/[\w-]+\/.*|LICENSE)$/.test(file))
  .filter((file) => !/^iac\/(environments|test)\/|\/tests\//.test(file));

await rm(out, { recursive: true, force: true });
for (const file of [...kit, 'redeployer/dist/redeployer.zip']) {
  await mkdir(path.dirname(path.join(out, file)), { recursive: true });
  await copyFile(path.join(root, file), path.join(out, file));
}
await copyFile(path.join(room, 'README.md'), path.join(out, 'README.md'));

const { name, version, description, license, engines } = JSON.parse(
  await readFile(path.join(room, 'package.json'), 'utf8'),
);
const program = path.join(out, 'slipway.mjs');
await build({
  absWorkingDir: room,
  entryPoints: ['src/main.ts'],
  outfile: program,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  define: { SLIPWAY_COMMIT: JSON.stringify(git('rev-parse', 'HEAD')) },
  // What is CommonJS among the libraries asks for Node's own modules.
  banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  logLevel: 'warning',
});
await chmod(program, 0o755);
const manifest = {
  name,
  version,
  description,
  license,
  type: 'module',
  engines,
  bin: { slipway: 'slipway.mjs' },
};
await writeFile(path.join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
