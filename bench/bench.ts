/**
 * `npm run bench`: the service beside what users would pick instead. Results go to bench/results/; with `--quick` a
 * short run only checks that every server answers right and that the report holds together.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { INTERRUPTED, interruption } from '@slipway/test-helpers/interruption';
import { Database } from '@slipway/test-helpers/database/database';
import { ROOT } from '@slipway/test-helpers/root';
import { imageNode, RUNNING } from './lib/image-node.ts';
import { GENERATOR } from './lib/load.ts';
import { Progress } from './lib/progress.ts';
import { checkAnswers } from './measure/check-answers.ts';
import { profileHotPath } from './measure/profile.ts';
import { measureSizes } from './measure/size.ts';
import { measureStartUp } from './measure/start-up.ts';
import { countRounds, measureThroughput, type Course } from './measure/throughput.ts';
import { chart } from './report/chart.ts';
import { report } from './report/markdown.ts';
import type { Results } from './report/results.ts';
import { targetTable } from './report/tables.ts';
import { targets } from './report/targets.ts';
import { PROGRAMS } from './programs.ts';
import { IMAGE_NODE } from './settings.ts';

const run = promisify(execFile);
const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;

// Many short rounds say more than a few long ones on a machine that does other things as well.
const rounds = quick ? 1 : 15;
const lengths = { seconds: 1, warmUpSeconds: quick ? 1 : 6 };
const courses: Course[] = [
  { route: '/', programs: PROGRAMS, rounds, ...lengths },
  { route: '/connect', programs: PROGRAMS, rounds, ...lengths },
];
const startUps = quick ? 1 : 11;

const measuredAt = new Date().toISOString();
const [busy = 0] = loadavg();
const folder = await mkdtemp(path.join(tmpdir(), 'slipway-bench-'));
const database = await Database.start();
try {
  const variables = database.variables({ DB_CONNECT_TIMEOUT_MS: '3000', DB_QUERY_TIMEOUT_MS: '3000' });
  const node = quick ? RUNNING : await imageNode(IMAGE_NODE);
  await checkAnswers(PROGRAMS, node, variables, folder);
  const progress = new Progress(
    courses.reduce((sum, course) => sum + countRounds(course), 0) + startUps * PROGRAMS.length,
  );
  const throughput = [];
  for (const course of courses) {
    throughput.push(...(await measureThroughput(course, node, variables, folder, progress)));
  }
  const startUp = await measureStartUp(
    PROGRAMS,
    node,
    variables,
    folder,
    { rounds: startUps, seconds: 1 },
    progress,
  );
  progress.end();

  const results: Results = {
    measuredAt,
    commit: (await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT })).stdout.trim(),
    node: node.version,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      load: Math.round(busy),
      system: `${type()} ${release()}`,
      generator: GENERATOR,
    },
    throughput,
    startUp,
    sizes: quick ? [] : await measureSizes(folder),
    hotPath: await profileHotPath(node, variables, folder, quick ? 2 : 5),
    redeployer: quick
      ? ''
      : (await run('npm', ['run', '--silent', 'bench', '-w', 'redeployer'], { cwd: ROOT })).stdout,
  };
  if (quick) {
    check(results);
  }
  interruption.throwIfAborted();
  await write(results, quick ? folder : path.join(ROOT, 'bench/results'));
} catch (error) {
  if (!interruption.aborted) {
    throw error;
  }
  process.exitCode = INTERRUPTED;
} finally {
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}

async function write(results: Results, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, 'bench.json'), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(path.join(target, 'bench.md'), report(results));
  await writeFile(path.join(target, 'bench.svg'), chart(results));
  process.stdout.write(`${targetTable(results)}\n\n`);
  process.stdout.write(
    quick ? 'Every server answered right.\n' : `The rest is in ${path.relative(ROOT, target)}/bench.md.\n`,
  );
}

/** What a short run can tell: that everything was measured and nothing went wrong, but not how fast it is. */
function check(results: Results): void {
  for (const { program, route, requestsPerSecond, p50, p99, failed } of results.throughput) {
    const what = `${program}: GET ${route}`;
    assert.ok(
      requestsPerSecond > 0 && p50 > 0 && p99 >= p50,
      `${what}: ${requestsPerSecond}/s, p50 ${p50}, p99 ${p99}`,
    );
    assert.equal(failed, 0, `${what}: ${failed} requests failed`);
  }
  for (const { program, readyAfter, idleMemory, loadedMemory } of results.startUp) {
    assert.ok(readyAfter > 0 && idleMemory > 0 && loadedMemory > 0, `${program}: start not measured`);
  }
  assert.ok(
    process.platform !== 'linux' || targets(results).every(({ measured }) => measured > 0),
    'a target was not measured',
  );
  assert.ok(
    results.hotPath.groups.some(({ where }) => where === 'express'),
    'the profile misses the framework',
  );
  const text = report(results) + chart(results);
  assert.doesNotMatch(text, /NaN|undefined|Infinity/, 'the report has gaps');
  for (const { name } of PROGRAMS) {
    assert.ok(text.includes(name), `the report misses ${name}`);
  }
}
