/** Preloaded by what runs from its source (bench, drill, rehearsal): lets Node read TypeScript. */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { transform } from '@swc/core';
import options from './swc.mjs';

// The hooks run in a thread of their own, which loads this very file.
if (isMainThread) {
  register(import.meta.url);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) {
    return nextLoad(url, context);
  }
  const { code } = await transform(await readFile(new URL(url), 'utf8'), {
    ...options,
    filename: url,
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
