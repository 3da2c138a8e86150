import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
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
import { ROOT } from '@slipway/test-helpers/root';

const NOBODY = 65534;

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
  for (const name of ['main', 'serve', 'migrate', 'health/probe']) writeFileSync('dist/' + name + '.js', '');
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
    for (const script of ['service/build.mjs', 'service/build-lock.mjs']) {
      copyFileSync(path.join(ROOT, script), path.join(folder, script));
    }
    buildIfChanged();
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

  it('lets two at once build once', async () => {
    write('service/src/main.ts', '3');
    const both = [0, 1].map(() =>
      once(spawn(process.execPath, ['service/build.mjs', '--if-changed'], { cwd: folder }), 'exit'),
    );
    expect(await Promise.all(both)).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(builds()).toBe(2);
  });

  it('does not wait for a build that was killed', () => {
    write('node_modules/.slipway-build', '2147483647');
    expect(build()).toBe(0);
    expect(builds()).toBe(2);
  });

  it('says in one sentence that nothing is installed', () => {
    remove('node_modules');
    const { status, stderr } = spawnSync(process.execPath, ['service/build.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('The packages are not installed: run `npm ci` first.\n');
    expect(status).toBe(1);
  });

  it('says in one sentence that it cannot write', () => {
    remove('dist');
    const folders = [folder, path.join(folder, 'node_modules')];
    folders.forEach((name) => chmodSync(name, 0o555));
    const { status, stderr } = spawnSync(process.execPath, ['service/build.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
    });
    folders.forEach((name) => chmodSync(name, 0o755));
    expect(stderr).toMatch(
      /^The service has to be built, and \S+ cannot be written to \(EACCES\): [^\n]+\.\n$/,
    );
    expect(status).toBe(1);
  });

  it('builds again what was saved during a build', () => {
    write('saved-meanwhile', '');
    expect(build()).toBe(0);
    remove('saved-meanwhile');
    expect(buildIfChanged()).toBe(0);
    expect(builds()).toBe(3);
  });
});
