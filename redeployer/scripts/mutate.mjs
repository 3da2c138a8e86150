/**
 * Breaks each rule of the decision once and shows which tests go red: `npm run mutate -w redeployer`.
 * Each break is a change of text in src/decide.ts that must fit exactly once. The room is copied for it, so
 * the working tree stays as it is. Exit code 1 when a break goes unnoticed.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What is broken, the text, and what it becomes.
 * @type {[rule: string, from: string, to: string][]}
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
  ['a push is called a request', "{ image: pushed, cause: 'pushed',", "{ image: pushed, cause: 'requested',"],
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
    "cause: 'requested', releasedAt: asked.until }",
    "cause: 'requested', releasedAt: image.pushedAt }",
  ],
  [
    'a missing commit is passed over',
    "return { action: 'refuse', commit: asked.commit, available, reason: 'the commit is not in the registry' };",
    "return nothing('gone');",
  ],
  ['a request for what runs restarts it', 'newest.digest === image.digest && stands && answered', 'false'],
  [
    'a request for what failed is only recorded',
    'newest.digest === image.digest && stands && answered',
    'newest.digest === image.digest && answered !== undefined',
  ],
  [
    'a request for what was moved by hand is only recorded',
    'newest?.arn === seen.running?.arn && newest?.template',
    'newest?.template',
  ],
  ['a request ignores a changed template', '&& newest?.template === seen.template;', ';'],
  [
    'a recorded request is not kept',
    'release: newest, releasedAt: asked.until, reason',
    'release: newest, releasedAt: newest.releasedAt, reason',
  ],
  [
    'a crash before the deployment is never made good',
    "if (newest.progress === 'never deployed') {",
    'if (false) {',
  ],
  ['a crash is made good with the old template', 'return changed\n', 'return false\n'],
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
    'const changed = newest.template !== seen.template;',
    'const changed = false;',
  ],
  ['a changed template does not wait', 'if (seen.busy) return', 'if (false) return'],
  [
    'a changed template brings the failed image',
    'again(newest, seen.running ?? newest)',
    'again(newest, newest)',
  ],
  [
    'a changed template brings the failed choice back',
    'releasedAt: newest.releasedAt };',
    'releasedAt: -1 };',
  ],
  [
    'a changed template forgets the request',
    'cause: newest.cause, releasedAt',
    "cause: 'pushed', releasedAt",
  ],
  [
    'a restart is never due',
    "step.action === 'nothing' && wake.kind === 'restart'",
    "step.action === 'nothing' && wake.kind === 'release'",
  ],
  [
    'a restart comes before a release',
    "step.action === 'nothing' && wake.kind === 'restart'",
    "wake.kind === 'restart'",
  ],
  ['a restart is done each time it is asked for', 'seen.deployedAt.some((began) => began >= at)', 'false'],
  ['a deployment of the same second does not count', 'began >= at', 'began > at'],
  ['a deployment before the restart counts', 'began >= at', 'began <= at || began >= at'],
  [
    'a placeholder is restarted',
    "if (!seen.running) return nothing('there is no release to restart');",
    "if (!seen.running) return { action: 'restart', release: { commit: '' }, reason: '' };",
  ],
];

const room = fileURLToPath(new URL('..', import.meta.url));
const repository = await mkdtemp(join(tmpdir(), 'redeployer-mutants-'));
const copy = join(repository, 'redeployer');
const target = join(copy, 'src/decide.ts');
const original = await readFile(join(room, 'src/decide.ts'), 'utf8');
let unnoticed = 0;
try {
  for (const part of ['src', 'test', 'jest.config.mjs', 'package.json']) {
    await cp(join(room, part), join(copy, part), { recursive: true });
  }
  for (const shared of ['jest.typescript.mjs', 'swc.mjs']) {
    await cp(join(room, '..', shared), join(repository, shared));
  }
  await symlink(join(room, '../node_modules'), join(repository, 'node_modules'));
  const sound = redTests();
  if (sound.length > 0) throw new Error(`the tests are red before anything is broken: ${sound.join(', ')}`);
  process.stdout.write('| the rule that is broken | red tests | the first of them |\n|---|---:|---|\n');
  for (const [rule, from, to] of BREAKS) {
    const fits = original.split(from).length - 1;
    if (fits !== 1) throw new Error(`"${rule}" fits ${fits} times, it has to fit once`);
    await writeFile(
      target,
      original.replace(from, () => to),
    );
    const red = redTests();
    if (red.length === 0) unnoticed += 1;
    process.stdout.write(`| ${rule} | ${red.length} | ${red[0] ?? '**none**'} |\n`);
  }
} finally {
  await rm(repository, { recursive: true });
}
process.stdout.write(`\n${BREAKS.length - unnoticed} of ${BREAKS.length} breaks were noticed\n`);
process.exitCode = unnoticed > 0 ? 1 : 0;

/**
 * Runs the tests that reach the decision; the histories are few, for a break shows in the first hundreds.
 * @returns {string[]} the titles of the red ones.
 */
function redTests() {
  const jest = join(repository, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--no-warnings'];
  const options = ['--json', '--silent', '--globalSetup=', '--testPathPatterns', 'decide|queue|histories'];
  const env = { ...process.env, HISTORIES: '400' };
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, jest, ...options], {
    cwd: copy,
    env,
    encoding: 'utf8',
  });
  if (!stdout.includes('{"')) throw new Error(`the tests did not run: ${stderr}`);
  const json = stdout.slice(stdout.indexOf('{"'), stdout.lastIndexOf('}') + 1);
  /** @type {{ testResults: { name: string, status: string, assertionResults: { status: string, title: string }[] }[] }} */
  const { testResults } = JSON.parse(json);
  return testResults.flatMap(({ assertionResults, status, name }) =>
    assertionResults.length === 0 && status === 'failed'
      ? [name]
      : assertionResults.filter((one) => one.status === 'failed').map(({ title }) => title),
  );
}
