/**
 * The last step of `npm run build`: the service and its packages in one file, because loading each module by itself
 * takes longer than the rest of the start. See docs/decisions/0010-bundle.md.
 */
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['build/main.js', 'build/health/probe.js'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // Packages that are CommonJS ask for Node's modules by `require`.
  banner: {
    js: "import { createRequire as bannerRequire } from 'node:module';\nconst require = bannerRequire(import.meta.url);",
  },
  // A stack names functions and classes as they were written, and so does Nest.
  keepNames: true,
  // The image keeps what each package says of its licence.
  legalComments: 'none',
  external: [
    // What Nest can use, and the service does not have.
    '@fastify/multipart',
    '@fastify/view',
    '@nestjs/microservices',
    '@nestjs/platform-express',
    '@nestjs/websockets',
    'class-transformer',
    'class-validator',
  ],
  logLevel: 'warning',
});
