/**
 * Breaks each rule of the decision, and of what may be believed, once and shows which tests go red:
 * `npm run mutate -w redeployer`. Each break is a change of text in a file of src/ that must fit exactly once. The room is
 * copied for each, so the working tree stays as it is. Exit code 1 when a break goes unnoticed.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import typescript from '../../jest.typescript.mjs';

/**
 * What is broken, the text, what it becomes, and in which file if it is not the decision.
 * @type {[rule: string, from: string, to: string, file?: string][]}
 */
const BREAKS = [
  ['an older push is released too', 'pushed.pushedAt > Math.max(known', 'pushed.pushedAt !== Math.max(known'],
  [
    'a push is not measured against the newest release',
    'Math.max(known, asked?.until ?? -Infinity)',
    '(asked?.until ?? -Infinity)',
  ],
  ['a push before a request wins', 'Math.max(known, asked?.until ?? -Infinity)', 'known'],
  [
    'the image of the newest release is released again',
    'if (pushed.digest !== newest?.digest) return',
    'return',
  ],
  ['the oldest push is taken', 'other.pushedAt - one.pushedAt ||', 'one.pushedAt - other.pushedAt ||'],
  [
    'a push counts from nowhere',
    "cause: 'pushed', releasedAt: pushed.pushedAt",
    "cause: 'pushed', releasedAt: 0",
  ],
  [
    'a push is called a request',
    "{ cause: 'pushed', releasedAt: pushed",
    "{ cause: 'requested', releasedAt: pushed",
  ],
  ['a request is ignored', '} else if (asked) {', '} else if (false) {'],
  ['an old request is obeyed', 'if (!newest || until > newest.releasedAt) return true;', 'return true;'],
  [
    'a request that comes again is carried out again',
    "until === newest.releasedAt && newest.cause === 'pushed'",
    'until === newest.releasedAt',
  ],
  [
    'a released push of the same moment wins',
    "until === newest.releasedAt && newest.cause === 'pushed'",
    'false',
  ],
  ['a request counts from the start of its second', '* 1000 + 999', '* 1000'],
  [
    'a request counts from when it is looked at',
    "cause: 'requested', releasedAt: until,",
    "cause: 'requested', releasedAt: image.pushedAt,",
  ],
  [
    'a missing commit is passed over',
    "return refuse(seen, commit, 'the commit is not in the registry');",
    "return nothing('gone');",
  ],
  ['a request for what runs restarts it', 'newest.digest === image.digest && (runs || waits) &&', 'false &&'],
  [
    'a request for what failed is only recorded',
    'const runs = stands &&',
    "const runs = newest?.progress === 'failed' || stands &&",
  ],
  [
    'a request for what was moved by hand is only recorded',
    'stands && newest.deployed === seen.running?.arn',
    'stands',
  ],
  ['a request ignores a changed template', '&& !isChanged(seen, newest)) {', ') {'],
  [
    'a recorded request is not kept',
    "for a release command';\n    return { action: 'record', release: newest, choice, reason };",
    "for a release command';\n    return { action: 'record', release: newest, choice: newest, reason };",
  ],
  [
    'a crash before the deployment is never made good',
    "if (newest.progress === 'never deployed') {",
    'if (false) {',
  ],
  [
    'a crash is made good with the old template',
    'if (changed) return release(',
    'if (false) return release(',
  ],
  [
    'a failed release is tried again',
    "if (newest.progress === 'never deployed') {",
    "if (newest.progress === 'never deployed' || newest.progress === 'failed') {",
  ],
  [
    'a forgotten release is tried again',
    "if (newest.progress === 'never deployed') {",
    "if (newest.progress === 'never deployed' || newest.progress === 'forgotten') {",
  ],
  [
    'a changed template is not released',
    'const changed = isChanged(seen, newest);',
    'const changed = false;',
  ],
  ['a changed template does not wait', '!changed || seen.busy', '!changed'],
  [
    'a changed template brings the failed image',
    'release(seen, seen.running ?? newest,',
    'release(seen, newest,',
  ],
  [
    'a changed template brings the failed choice back',
    'const choice: Choice = { cause: newest.cause, releasedAt: newest.releasedAt, restartAt };\n  if (newest.progress',
    'const choice: Choice = { cause: newest.cause, releasedAt: 0, restartAt };\n  if (newest.progress',
  ],
  [
    'a changed template forgets the request',
    'const choice: Choice = { cause: newest.cause, releasedAt: newest.releasedAt, restartAt };\n  if (newest.progress',
    "const choice: Choice = { cause: 'pushed', releasedAt: newest.releasedAt, restartAt };\n  if (newest.progress",
  ],
  ['a release without its image is deployed', 'if (!seen.images.some(', 'if (false && !seen.images.some('],
  [
    'a release without its image is passed over',
    'if (seen.running || isAsked) return refuse',
    'if (false) return refuse',
  ],
  ['a service made anew is refused', 'if (seen.running || isAsked) return refuse', 'return refuse'],
  ['a pushed image that is gone is passed over', 'trigger.pushed === newest.commit)', 'false)'],
  ['an image that is gone holds a restart up', 'return restarts ? undefined : gone', 'return gone'],
  [
    'a restart is lost to a release that was never deployed',
    'if (restarts) return release',
    'if (false) return release',
  ],
  ['a shared image is passed over', 'return shared(seen, newest, trigger) ?? step;', 'return step;'],
  [
    'an image that was released is refused',
    'if (!pushed || pushed.digest === newest.digest)',
    'if (!pushed)',
  ],
  ['an image of one commit is refused', 'if (others.length === 0) return undefined;', ''],
  [
    'a restart is never due',
    "trigger.kind === 'restart' ? trigger.at : 0",
    "trigger.kind === 'release' ? trigger.at : 0",
  ],
  ['a restart is forgotten', 'Math.max(newest?.restartAt ?? 0, ', 'Math.max(0, '],
  [
    'a restart comes before a release',
    'const step = settle(seen, newest, restartAt, trigger) ?? restart(seen, newest, restartAt);',
    'const step = restart(seen, newest, restartAt);',
  ],
  ['a restart is done each time it is asked for', '>= restartAt) {', '>= Infinity) {'],
  [
    'a release of the same seconds counts as begun after',
    'running.registeredAt - SKEW_MS',
    'running.registeredAt',
  ],
  [
    'a release never counts as begun after',
    'Math.max(running.restartAt, running.registeredAt - SKEW_MS)',
    'running.restartAt',
  ],
  ['a restart is not done again after a failure', '!(isNew || failed)', '!isNew'],
  ['a restart is done again without a failure', '!(isNew || failed)', 'false'],
  [
    'a restart is not kept on what is in flight',
    "if (!isNew || newest.progress !== 'in flight') return",
    'return',
  ],
  ['a restart does not wait for a rollback', 'if (failed && seen.busy) {', 'if (false) {'],
  ['a restart is lost during a rollback', 'return isNew ? {', 'return false ? {'],
  ['a restart that failed is done again and again', 'newest.restarts === running.arn', 'false'],
  ['a restart that failed is never done again', 'if (failed && !isNew && newest', 'if (failed && newest'],
  ['a placeholder is restarted', 'if (!running || !(isNew', 'if (!(isNew'],
  [
    'the command of a release that another overtook is started',
    'if ((newest?.definition.revision ?? 0) >',
    'if (false && (newest?.definition.revision ?? 0) >',
    'act.ts',
  ],
  [
    'a release that another overtook is deployed',
    'if (numberOf(arn) !== highest + 1) {',
    'if (false) {',
    'act.ts',
  ],
  [
    'a release that another overtook counts',
    'for (let number = highest - 1; number > newest.release.follows;',
    'for (let number = highest - 1; number > highest;',
    'find-release.ts',
  ],
  [
    'what runs is newer than the newest',
    'if (running.release.number <= highest) return found;',
    'return found;',
    'observe.ts',
  ],
  [
    'the service does not stand on what was deployed',
    'if (stands && target',
    'if (false && target',
    'observe.ts',
  ],
  [
    'an older template than that of the newest release',
    'if (numberOf(templateName(template)) < numberOf(known)) {',
    'if (false) {',
    'observe.ts',
  ],
  [
    'a clock is taken at its word',
    'const since = Math.max(registeredAt, createdAtOf(service)) - SKEW_MS',
    'const since = Math.max(registeredAt, createdAtOf(service))',
    'observe.ts',
  ],
  [
    'a service made again is taken for the old one',
    'Math.max(registeredAt, createdAtOf(service))',
    'registeredAt',
    'observe.ts',
  ],
  ['what is missing is believed at once', 'number === LOOKS_FOR_ABSENCE ||', 'true ||', 'look-again.ts'],
  ['a contradiction fails the message', 'number === LOOKS)', 'number === 1)', 'look-again.ts'],
  ['a rollback is called COMPLETED', "...end('ROLLED_BACK',", "...end('COMPLETED',", 'outcome.ts'],
  [
    'what was superseded has failed',
    'return superseded ? wentBack :',
    'return false ? wentBack :',
    'outcome.ts',
  ],
  [
    'an event of another service is taken',
    'if (serviceArn !== event.serviceArn)',
    'if (false)',
    'outcome.ts',
  ],
  ['an end is told too early', 'if (!end || open) {', 'if (!end) {', 'outcome.ts'],
  ['statuses of two moments are mixed', 'if (moved) throw', 'if (false) throw', 'outcome.ts'],
  ['two restarts of one second are one', 'receivedAt + SECOND_MS', 'receivedAt', 'dispatch.ts'],
  [
    'a request counts from tomorrow',
    'commit, at: Math.min(event.time, receivedAt)',
    'commit, at: event.time',
    'events/interpret.ts',
  ],
  ['a pause is not seen', 'return seen.paused ? startNothing(decision) : decision;', 'return decision;'],
  ['what waited is started in a pause', "case 'deploy':\n    case 'run':\n      return nothing(reason);", ''],
  [
    'a restart is carried out in a pause',
    "return decision.next === 'deploy' ? deploy",
    'return true ? deploy',
    'act.ts',
  ],
  ['the tag of a pause is not read', 'key === PAUSED_TAG);', 'key === null);', 'observe.ts'],
  ['a release is rolled out before its command', "succeeded ? 'deploy' : 'run';", "'deploy';"],
  ['a release command that was not run is passed over', "newest.commandEnd === 'succeeded' ||", 'true ||'],
  [
    'a release command that has succeeded is run again after a crash',
    "newest.commandEnd === 'succeeded' ||",
    '',
  ],
  ['a restart needs a release command', '|| newest.restarts !== undefined', ''],
  ['the end of a release command is not kept', 'if (command?.ended) {', 'if (false) {'],
  ['a release command may take as long as it likes', "state === 'overdue') {", "state === 'fails') {"],
  ['what is due does not wait for a release command', "isOpen ? 'look again' :", "false ? 'look again' :"],
  ['what is registered does not wait for a release command', 'if (seen.command?.running) {', 'if (false) {'],
  ['a restart is lost to a release command', 'return restarts ? { action:', 'return false ? { action:'],
  [
    'a request for what waits is registered anew',
    "const waits = newest?.progress === 'never deployed' && seen.command?.running;",
    'const waits = false;',
  ],
  [
    'a changed release command is not released',
    '(command !== undefined && newest.commandTemplate !== command.template)',
    'false',
  ],
  [
    'a changed release command is not run',
    "one.commandEnd === 'succeeded' && one.commandTemplate === command?.template",
    "one.commandEnd === 'succeeded'",
  ],
  [
    'a changed template runs a release command',
    "one?.digest === digest && one.commandEnd === 'succeeded'",
    "false && one?.commandEnd === 'succeeded'",
  ],
  ['a rollback runs a release command', ', seen.command?.succeededBefore);', ');'],
  [
    'an earlier success is not looked for',
    "if (has('commit', commit) &&",
    "if (false && has('commit', commit) &&",
    'find-release.ts',
  ],
  [
    'a success on the way of a stop counts',
    'exitCode === 0 && stopCode ===',
    'exitCode === 0 || stopCode ===',
    'observe-tasks.ts',
  ],
  ['an exit code does not count', 'exitCode === 0 && stopCode ===', 'stopCode ===', 'observe-tasks.ts'],
  [
    'a task on its way out has ended',
    "if (lastStatus !== 'STOPPED') return",
    "if (desiredStatus !== 'STOPPED') return",
    'observe-tasks.ts',
  ],
  [
    'a task that is being stopped is stopped again',
    "isLate && desiredStatus !== 'STOPPED'",
    'isLate',
    'observe-tasks.ts',
  ],
  [
    'the end that an event tells of may be missing',
    'if (running && trigger.kind',
    'if (false && trigger.kind',
    'observe-tasks.ts',
  ],
  [
    'a request shares no end of its commit',
    'return isSame && !newest.commandEnd ? newest : release;',
    'return release;',
    'observe-tasks.ts',
  ],
  [
    'an end is kept again and again',
    'if (!release || release.commandEnd) return undefined;',
    'if (!release) return undefined;',
    'observe-tasks.ts',
  ],
  [
    'a failure before a rollout is not told',
    "if (end === 'failed') await tell",
    'if (false) await tell',
    'act.ts',
  ],
  [
    'the end is not kept on what only adds a memory',
    'new Set([release.deployed, release.arn, releaseArn(release, task)])',
    'new Set([release.deployed])',
    'act.ts',
  ],
  [
    'what only adds a memory is deployed',
    'observed, decision.release.deployed)',
    'observed, decision.release.arn)',
    'act.ts',
  ],
  [
    'a restart forgets that its release command succeeded',
    'kept?.commandTemplate === release.commandTemplate ? release.commandEnd : undefined',
    'undefined',
    'act.ts',
  ],
  [
    'a release that failed before its rollout was never deployed',
    "if (commandEnd === 'failed') return 'failed';",
    '',
    'observe.ts',
  ],
  [
    'after an end nothing is looked at again',
    'if (goesOn(decision)) throw',
    'if (false) throw',
    'reconcile.ts',
  ],
  [
    'two starts for one release are two',
    "clientToken: createHash('sha256').update(once)",
    "clientToken: createHash('sha256').update(taskDefinition + Math.random())",
    'ports/tasks.ts',
  ],
  [
    'tasks that ended are not asked for',
    "listTasks(client, cluster, family, 'STOPPED', signal),",
    '[],',
    'ports/tasks.ts',
  ],
];

/** Patterns of the tests' files, the quickest first: most breaks show there, and then the others are not run. */
const TESTS = ['decide', 'interpret|look-again', 'queue', 'release-command', 'histories'];

const room = fileURLToPath(new URL('..', import.meta.url));
const repository = await mkdtemp(join(tmpdir(), 'redeployer-mutants-'));
let unnoticed = 0;
try {
  await writeFile(join(repository, 'package.json'), '{"type": "module"}');
  for (const shared of ['jest.typescript.mjs', 'swc.mjs']) {
    await cp(join(room, '..', shared), join(repository, shared));
  }
  await symlink(join(room, '../node_modules'), join(repository, 'node_modules'));
  await copyRoom('sound');
  const sound = TESTS.flatMap((pattern) => [...redTests(pattern, ['sound']).values()]);
  if (sound.length > 0) throw new Error(`the tests are red before anything is broken: ${sound.join(', ')}`);

  for (const [index, [rule, from, to, file = 'decide.ts']] of BREAKS.entries()) {
    await copyRoom(`broken-${index}`);
    const original = await readFile(join(room, 'src', file), 'utf8');
    const fits = original.split(from).length - 1;
    if (fits !== 1) throw new Error(`"${rule}" fits ${fits} times, it has to fit once`);
    await writeFile(
      join(repository, `broken-${index}/src`, file),
      original.replace(from, () => to),
    );
  }
  /** @type {Map<string, string[]>} */
  const red = new Map();
  const folders = BREAKS.map((_, index) => `broken-${index}`);
  for (const pattern of TESTS) {
    const left = folders.filter((folder) => !red.has(folder));
    for (const [folder, titles] of redTests(pattern, left)) red.set(folder, titles);
  }
  process.stdout.write('| the rule that is broken | red tests | the first of them |\n|---|---:|---|\n');
  for (const [index, [rule]] of BREAKS.entries()) {
    const titles = red.get(`broken-${index}`) ?? [];
    if (titles.length === 0) unnoticed += 1;
    process.stdout.write(`| ${rule} | ${titles.length} | ${titles[0] ?? '**none**'} |\n`);
  }
} finally {
  await rm(repository, { recursive: true });
}
process.stdout.write(`\n${BREAKS.length - unnoticed} of ${BREAKS.length} breaks were noticed\n`);
process.exitCode = unnoticed > 0 ? 1 : 0;

/** @param {string} folder gets the code and the tests. */
async function copyRoom(folder) {
  for (const part of ['src', 'test']) {
    await cp(join(room, part), join(repository, folder, part), { recursive: true });
  }
}

/**
 * Runs tests that reach the decision, in all folders at once: to start jest takes longer than most of them. The histories are
 * few, for a break shows in the first hundreds.
 * @param {string} pattern of their files' names
 * @param {string[]} folders
 * @returns {Map<string, string[]>} the titles of the red ones by folder, where there are any.
 */
function redTests(pattern, folders) {
  const jest = join(repository, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--no-warnings'];
  const config = {
    ...typescript,
    rootDir: repository,
    testMatch: ['<rootDir>/*/test/*.spec.ts'],
    workerIdleMemoryLimit: '1GB',
  };
  const options = ['--json', '--silent', '--maxWorkers', '2', '--config', JSON.stringify(config)];
  const env = { ...process.env, HISTORIES: '400', SHRINK: 'no' };
  const files = `/(${folders.join('|')})/test/(${pattern})\\.`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, jest, ...options, '--testPathPatterns', files],
    {
      cwd: repository,
      env,
      encoding: 'utf8',
      maxBuffer: Infinity,
    },
  );
  if (!stdout.includes('{"')) throw new Error(`the tests did not run: ${stderr}`);
  const json = stdout.slice(stdout.indexOf('{"'), stdout.lastIndexOf('}') + 1);
  /** @type {{ testResults: { name: string, status: string, assertionResults: { status: string, title: string }[] }[] }} */
  const { testResults } = JSON.parse(json);
  /** @type {Map<string, string[]>} */
  const red = new Map();
  for (const { name, status, assertionResults } of testResults) {
    if (status !== 'failed') continue;
    const failed = assertionResults.filter((one) => one.status === 'failed').map(({ title }) => title);
    const [folder = ''] = relative(repository, name).split('/');
    red.set(folder, [...(red.get(folder) ?? []), ...(failed.length > 0 ? failed : [name])]);
  }
  return red;
}
