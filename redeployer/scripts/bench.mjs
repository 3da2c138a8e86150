/**
 * Measures what the redeployer costs: `npm run bench -w redeployer`. The size of the bundle, the time to load
 * it cold beside an empty handler in the same run, and the calls to AWS, counted at the fakes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildZip } from './build.mjs';

const ROUNDS = 21;
const BUDGET = 400_000;

/** Why each call of a release is needed. */
const WHY = {
  DescribeImages: 'which commit was pushed last; a page for each 1000 images',
  DescribeTaskDefinition:
    'the newest template, and that of a release command; the newest release with its tags; what runs, if it is another',
  DescribeServices: 'what runs, whether it is in flight, whether it ever ran',
  RegisterTaskDefinition:
    'a release, a restart, or a request to keep, its tags in the same call; a release command with the image',
  UpdateService: 'its deployment',
  ListServiceDeployments: 'never deployed, or failed? which rollout ended?',
  DescribeServiceRevisions: 'which task definition a deployment was for',
  DescribeServiceDeployments: 'when and how each ended, and what was gone back to',
  Publish: 'tells the outcome',
  RunTask: 'starts a release command',
  ListTasks:
    'before a rollout: does a release command run, has one ended? Once for each, for one call tells but one',
  DescribeTasks: 'whose task it is, and how it ended',
  TagResource: 'keeps how a release command ended',
};

const room = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'redeployer-bench-'));
const calls = join(room, 'dist/bench-calls.mjs');
try {
  await buildZip();
  await size();
  await coldLoad();
  await countCalls();
} finally {
  await rm(folder, { recursive: true });
  await rm(calls, { force: true });
}

async function size() {
  const { size: bundle } = await stat(join(room, 'dist/index.mjs'));
  const { size: zip } = await stat(join(room, 'dist/redeployer.zip'));
  say(`bundle ${bundle} bytes (at most ${BUDGET}), zip ${zip} bytes`);
  if (bundle > BUDGET) process.exitCode = 1;
}

/** Both handlers take turns, so that what else the machine does strikes both. */
async function coldLoad() {
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, 'export const handler = async () => ({});\n');
  const full = join(folder, 'index.mjs');
  await writeFile(full, await readFile(join(room, 'dist/index.mjs')));
  /** @type {{ empty: number[], full: number[] }} */
  const times = { empty: [], full: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.empty.push(load(empty));
    times.full.push(load(full));
  }
  const [slow, quick] = [median(times.full), median(times.empty)];
  say(
    `cold start of Node and module load, medians of ${ROUNDS} on Node ${process.versions.node}: ` +
      `redeployer ${slow.toFixed(0)} ms, empty handler ${quick.toFixed(0)} ms, ratio ${(slow / quick).toFixed(2)}`,
  );
}

/**
 * @param {string} file
 * @returns {number} milliseconds from the start of a new process to its module being loaded.
 */
function load(file) {
  const code = `await import(${JSON.stringify(pathToFileURL(file).href)}); process.stdout.write(String(performance.now()))`;
  const services = [
    { service: 's', cluster: 'c', repository: 'r', container: 'a', minimumTasks: 1, secretArns: [] },
  ];
  const env = {
    AWS_REGION: 'eu-central-1',
    OUTCOME_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:outcomes',
    SERVICES: JSON.stringify(services),
  };
  const flags = ['--no-warnings', '--input-type=module', '--eval', code];
  const { stdout, status } = spawnSync(process.execPath, flags, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} did not load`);
  return Number(stdout);
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

async function countCalls() {
  const contents = "export * from './test/fake/world.ts'; export * from './test/fake/events.ts';";
  await build({
    stdin: { contents, resolveDir: room, loader: 'ts' },
    outfile: calls,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const fakes = await import(pathToFileURL(calls).href);
  say('\ncalls to AWS (the fakes answer in pages of two: on AWS each list is one call)');
  await countWithout(fakes);
  say('\nwith a release command');
  await countWith(fakes);
  say('\nwhy');
  for (const [name, why] of Object.entries(WHY)) say(`${name}: ${why}`);
}

/**
 * Counts the calls of whatever is in the queue.
 * @param {any} world
 * @param {string} title
 * @returns {Promise<number>}
 */
async function count(world, title) {
  world.fake.calls.length = 0;
  await world.drain();
  /** @type {Map<string, number>} */
  const counted = new Map();
  for (const call of world.fake.calls) counted.set(call, (counted.get(call) ?? 0) + 1);
  const listed = [...counted].map(([name, times]) => (times > 1 ? `${name} ×${times}` : name));
  say(`${title}: ${world.fake.calls.length} (${listed.join(', ')})`);
  return world.fake.calls.length;
}

/**
 * A push of a commit, which is then the only image.
 * @param {any} fakes
 * @param {any} world
 * @param {number} number
 */
function pushTo({ commitOf, pushed }, { fake, send }, number) {
  fake.now += 60_000;
  for (const { imageTags } of fake.ecr.images) for (const tag of imageTags ?? []) fake.ecr.expire(tag);
  fake.ecr.push(commitOf(number), fake.now);
  send(pushed(commitOf(number), fake.now));
}

/**
 * The next step of a rollout, and the end that it may have come to.
 * @param {any} fakes
 * @param {any} world
 */
function advanceRollout({ rolloutChanged }, { fake, send }) {
  fake.now += 60_000;
  fake.ecs.advance();
  const told = fake.ecs.events
    .splice(0)
    .findLast((/** @type {{ eventName: string }} */ { eventName }) => !eventName.endsWith('IN_PROGRESS'));
  if (told) send(rolloutChanged(told, fake.now));
}

/** @param {any} fakes */
async function countWith(fakes) {
  const { World, SERVED_WITH_COMMAND, commitOf, releaseRequested, scheduled, tagOf, taskChanged } = fakes;
  const world = new World(
    () => true,
    SERVED_WITH_COMMAND,
    (/** @type {object} */ revision) => (tagOf(revision, 'commit') === commitOf(3) ? 'fails' : 'succeeds'),
  );
  const { fake } = world;
  const send = world.send.bind(world);
  const push = (/** @type {number} */ number) => pushTo(fakes, { fake, send }, number);
  const endCommand = () => {
    fake.tasks.advance();
    fake.tasks.advance();
    send(taskChanged(fake.tasks.events.splice(0).at(-1), fake.now));
  };
  push(1);
  await world.drain();
  endCommand();
  await world.drain();
  advanceRollout(fakes, { fake, send });
  await world.drain();
  push(2);
  let release = await count(world, 'a release: its command begins');
  send(scheduled(fake.now));
  await count(world, 'the schedule, the command running');
  endCommand();
  release += await count(world, 'the end of its command, its rollout begins');
  advanceRollout(fakes, { fake, send });
  release += await count(world, 'its outcome COMPLETED, and the look that follows');
  say(`a release from push to published outcome: ${release}`);
  send(scheduled(fake.now));
  await count(world, 'the schedule, nothing to do');
  push(3);
  await world.drain();
  endCommand();
  await count(world, 'the end of a command that failed, its outcome FAILED');
  fake.ecr.push(commitOf(1), fake.now - 600_000);
  send(releaseRequested(commitOf(1), fake.now));
  await count(world, 'a rollback to the commit before, which runs no command');
}

/** @param {any} fakes */
async function countWithout(fakes) {
  const { World, commitOf, releaseRequested, restartRequested, scheduled, tagOf } = fakes;
  let sick = '';
  const world = new World((/** @type {object} */ revision) => tagOf(revision, 'commit') !== sick);
  const { fake } = world;
  const send = world.send.bind(world);
  const push = (/** @type {number} */ number) => pushTo(fakes, { fake, send }, number);
  const advance = () => advanceRollout(fakes, { fake, send });

  push(1);
  await count(world, 'first release, service started');
  advance();
  await count(world, 'its outcome COMPLETED, and the look that follows');
  push(2);
  let release = await count(world, 'a release');
  advance();
  release += await count(world, 'its outcome COMPLETED, and the look that follows');
  say(`a release from push to published outcome: ${release}`);
  world.send(scheduled(fake.now));
  await count(world, 'the schedule, nothing to do');
  world.send(restartRequested(fake.now));
  await count(world, 'a restart');
  advance();
  await count(world, 'its outcome');
  world.send(releaseRequested(commitOf(2), fake.now));
  await count(world, 'a request for what runs');
  sick = commitOf(3);
  push(3);
  world.send(restartRequested(fake.now));
  await count(world, 'a release that will fail, and a restart that comes with it');
  advance();
  await count(world, 'its outcome FAILED, and the look that follows');
  advance();
  await count(world, 'its outcome ROLLED_BACK, and the restart of what ECS went back to');
  advance();
  await count(world, 'its outcome');
  sick = commitOf(4);
  push(4);
  await world.drain();
  advance();
  advance();
  await world.drain();
  world.send(scheduled(fake.now));
  await count(world, 'the schedule after a failed release');
  push(5);
  await world.deliver(1, { after: 8, kind: 'death before' });
  await count(world, 'a release cut off between its two calls, made good after three looks');
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
