/**
 * `npm run bench`: the service beside what users would pick instead. Results go to bench/results/; with `--quick` a
 * short run only checks that every server answers right and that the report has no gaps.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Database } from '@slipway/test-helpers/database/database';
import { INTERRUPTED, interruption } from '@slipway/test-helpers/interruption';
import { ROOT } from '@slipway/test-helpers/root';
import { GENERATOR } from './lib/load.ts';
import { imageNode, RUNNING } from './lib/node.ts';
import { tidy } from './lib/table.ts';
import { measureSizes } from './measure/size.ts';
import { measureStartUp } from './measure/start-up.ts';
import { measureThroughput } from './measure/throughput.ts';
import { chart } from './report/chart.ts';
import { report } from './report/report.ts';
import type { Results } from './report/results.ts';
import { targetTable } from './report/targets.ts';

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;

// Many short rounds say more than a few long ones on a machine that does other things as well.
const [rounds, warmUpSeconds, starts] = quick ? [1, 1, 1] : [15, 6, 11];

const measuredAt = new Date().toISOString();
const [busy = 0] = loadavg();
const folder = await mkdtemp(path.join(tmpdir(), 'slipway-bench-'));
const postgres = await Database.start();
try {
  const database = postgres.variables({ DB_CONNECT_TIMEOUT_MS: '3000', DB_QUERY_TIMEOUT_MS: '3000' });
  const node = quick ? RUNNING : await imageNode();
  const place = { node, database, folder };
  const results: Results = {
    measuredAt,
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim(),
    node: node.version,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      load: Math.round(busy),
      system: `${type()} ${release()}`,
      generator: GENERATOR,
    },
    throughput: [
      ...(await measureThroughput('/', rounds, warmUpSeconds, place)),
      ...(await measureThroughput('/connect', rounds, warmUpSeconds, place)),
    ],
    startUp: await measureStartUp(starts, place),
    sizes: quick ? [] : await measureSizes(folder),
  };
  interruption.throwIfAborted();
  const [markdown, svg] = [await report(results), chart(results)];
  process.stdout.write(await tidy(targetTable(results)));
  if (quick) {
    // How fast it is, a short run cannot tell.
    const failed = results.throughput.filter((one) => one.rounds.some((round) => round.failed > 0));
    assert.deepEqual(failed, [], 'requests failed');
    // Only Linux tells processor time.
    const gap = process.platform === 'linux' ? /NaN|undefined|Infinity|–/ : /NaN|undefined|Infinity/;
    assert.doesNotMatch(markdown + svg, gap, 'the report has gaps');
    process.stdout.write('\nEvery server answered right.\n');
  } else {
    const target = path.join(ROOT, 'bench/results');
    await writeFile(path.join(target, 'bench.json'), `${JSON.stringify(results, null, 2)}\n`);
    await writeFile(path.join(target, 'bench.md'), markdown);
    await writeFile(path.join(target, 'bench.svg'), svg);
    process.stdout.write('\nThe rest is in bench/results/bench.md.\n');
  }
} catch (error) {
  if (!interruption.aborted) {
    throw error;
  }
  process.exitCode = INTERRUPTED;
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
