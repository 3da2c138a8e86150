import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './support/service-process.ts';

/** What stands for the compiler and the bundler: it notes that it ran, and leaves what they would leave. */
const NEST = `
  import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
  rmSync('build', { recursive: true, force: true });
  mkdirSync('build');
  writeFileSync('build/main.js', '');
`;
const BUNDLE = `
  import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
  appendFileSync('builds', '.');
  mkdirSync('dist/health', { recursive: true });
  for (const name of ['main', 'serve', 'health/probe']) writeFileSync('dist/' + name + '.js', '');
  if (existsSync('saved-meanwhile')) writeFileSync('service/src/main.ts', '2');
  if (existsSync('cut-short')) process.exit(3);
`;

describe('service/build.mjs --if-changed', () => {
  let folder: string;
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const remove = (file: string) => rmSync(path.join(folder, file), { recursive: true });
  const build = (...args: string[]) =>
    spawnSync(process.execPath, ['service/build.mjs', ...args], { cwd: folder }).status;
  const buildIfChanged = () => build('--if-changed');
  const builds = () => readFileSync(path.join(folder, 'builds'), 'utf8').length;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'slipway-build-'));
    write('package.json', '{"type":"module"}');
    write('package-lock.json', '{}');
    write('service/src/main.ts', '1');
    write('service/src/main.spec.ts', '1');
    write('service/bundle.mjs', BUNDLE);
    write('node_modules/@nestjs/cli/package.json', '{"type":"module"}');
    write('node_modules/@nestjs/cli/bin/nest.js', NEST);
    copyFileSync(path.join(ROOT, 'service/build.mjs'), path.join(folder, 'service/build.mjs'));
    expect(buildIfChanged()).toBe(0);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('builds a fresh clone, and then no more', () => {
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(1);
  });

  it('takes what a plain build left', () => {
    expect(build()).toBe(0);
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(2);
  });

  const changes: Record<string, () => void> = {
    'another content': () => write('service/src/main.ts', '3'),
    'another content with the same times': () => {
      write('service/src/main.ts', '3');
      utimesSync(path.join(folder, 'service/src/main.ts'), 0, 0);
    },
    'a new file': () => write('service/src/a/b.ts', ''),
    'a file less': () => remove('service/src/main.ts'),
    'another compiler setting': () => write('nest-cli.json', '{}'),
    'other packages': () => write('package-lock.json', '{"packages":{}}'),
    'other packages, installed': () => write('node_modules/.package-lock.json', '{}'),
    'the output gone': () => remove('dist'),
    'part of the output gone': () => remove('dist/serve.js'),
  };

  it.each(Object.entries(changes))('builds again after %s', (_what, change) => {
    change();
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(2);
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(2);
  });

  it('does not build for a test, or for a time', () => {
    appendFileSync(path.join(folder, 'service/src/main.spec.ts'), '2');
    utimesSync(path.join(folder, 'service/src/main.ts'), new Date(), new Date());
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(1);
  });

  it('never takes a build that was cut short for one', () => {
    write('cut-short', '');
    expect(build()).toBe(3);
    expect(buildIfChanged()).toBe(3);
    expect(builds()).toBe(3);
    remove('cut-short');
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(4);
  });

  it('builds again what was saved during a build', () => {
    write('saved-meanwhile', '');
    expect(build()).toBe(0);
    remove('saved-meanwhile');
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(3);
  });
});
