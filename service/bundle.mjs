/**
 * The last step of `npm run build`: the service in one file with its packages (dist/serve.js), because loading each
 * module by itself takes longer than the rest of the start. See docs/decisions/0010-bundle.md.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'rolldown';

await rm('dist', { recursive: true, force: true });
for (const part of ['main', 'serve', 'migrate', 'health/probe']) {
  await build({
    input: `build/${part}.js`,
    platform: 'node',
    resolve: {
      // Of the packages that bring both, what can be left out of an ES module is.
      mainFields: ['module', 'main'],
      // It would run migrations that are programs, and writes a cache as soon as it is loaded.
      alias: { jiti: path.join(import.meta.dirname, 'without-jiti.mjs') },
    },
    external: [
      // main.js loads it once it can be told to end.
      './serve.js',
      // What Nest can use, and the service does not have.
      '@fastify/static',
      /^@nestjs\/(microservices|websockets)/,
      'class-transformer',
      'class-validator',
    ],
    // It warns of an import that leads nowhere, and the image would not start.
    onwarn(warning) {
      throw new Error(warning.message);
    },
    output: {
      file: `dist/${part}.js`,
      codeSplitting: false,
      // The image keeps what each package says of its licence.
      comments: false,
    },
  });
}
