import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '@slipway/test-helpers/terraform/terraform';
import { GitHub } from './support/act.ts';
import { commitAll, git, SLIPWAY } from './support/clone.ts';
import { allHostile, hostile } from './support/hostile.ts';

describe("the repository's own workflows", () => {
  let github: GitHub;
  const tag = (name: string) =>
    github.run(SLIPWAY, 'publish-version.yml', 'push', {
      payload: { ref: `refs/tags/${name}` },
      environment: { GITHUB_REF: `refs/tags/${name}`, GITHUB_REF_NAME: name },
    });
  const checks = (conclusion: string) =>
    writeFile(path.join(github.folder, 'records/checks'), `${conclusion}\n`);

  beforeAll(async () => {
    github = await GitHub.create('http://127.0.0.1:9');
  });

  beforeEach(() => github.forget());

  afterAll(() => github.remove());

  it('ci.yml, pull_request: runs every check and nothing of a hostile branch, and required is green', async () => {
    const { values, ran } = hostile(github.folder);
    const value = allHostile(values);

    const { code, output } = await github.run(SLIPWAY, 'ci.yml', 'pull_request', {
      payload: { pull_request: { head: { ref: value }, title: value }, ref: `refs/heads/${value}` },
    });

    expect(ran()).toBe(false);
    expect(code).toBe(0);
    expect(output).toContain('success success success success success');
    // Jobs run side by side, so their order says nothing.
    expect((await github.records('scripts')).map((call) => call.split(' ')[0])).toEqual(
      expect.arrayContaining([
        expect.stringContaining('install-tools.sh'),
        expect.stringContaining('check-ready.sh'),
      ]),
    );
    expect(await github.records('npm')).toEqual(expect.arrayContaining(['ci', 'run lint', 'test']));
    expect(output).toContain('persona: pedantic');
    expect(output).toContain('languages: actions');
  });

  it('ci.yml, pull_request: is red when a check is', async () => {
    const { code, output } = await github.run(SLIPWAY, 'ci.yml', 'pull_request', {
      environment: { STAND_IN_NPM_FAILS: '1' },
    });

    // act ends a run with the first workflow that failed, GitHub goes on to `required`: required.spec.ts tries its step.
    expect(output).toMatch(/Code\/check-code.*Failure/);
    expect(output).not.toContain('[ci/required');
    expect(code).not.toBe(0);
  });

  it.each([
    ['analyse-code.yml', 'schedule', 'languages: javascript-typescript'],
    ['scorecard.yml', 'schedule', 'results_format: sarif'],
  ])('%s, %s', async (workflow, event, said) => {
    const { code, output } = await github.run(SLIPWAY, workflow, event);

    expect(code).toBe(0);
    expect(output).toContain(said);
  });

  const makeVersion = (version: string) => {
    const [name, email] = ['A Person', 'person@localhost'];
    return run('.ci/prepare-version.sh', [version], github.clone(SLIPWAY), {
      ...github.programs,
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    });
  };
  /** Makes a version of what the clone is at, as a person does: first the files that name it, on main. */
  async function prepare(version: string): Promise<string> {
    const clone = github.clone(SLIPWAY);
    for (const file of ['package.json', 'redeployer/package.json', 'cli/package.json']) {
      const text = await readFile(path.join(clone, file), 'utf8');
      await writeFile(path.join(clone, file), text.replace(/"version": ".*"/, `"version": "${version}"`));
    }
    await writeFile(path.join(clone, 'CHANGELOG.md'), `## [${version}] - 2026-01-01\n`);
    await commitAll(clone);
    const { code, output } = await makeVersion(version);
    expect([code, output]).toEqual([0, expect.stringContaining(`git push origin v${version}`)]);
    await git(clone, 'checkout', '--quiet', `v${version}`);
    await checks('success');
    return git(clone, 'rev-parse', 'HEAD');
  }
  const back = async () => {
    await git(github.clone(SLIPWAY), 'checkout', '--quiet', 'main');
    // The modules, which here are a link.
    await git(github.clone(SLIPWAY), 'clean', '--force', '-d', '--quiet');
  };

  it('a version is made only where the files that name it do', async () => {
    const file = path.join(github.clone(SLIPWAY), 'package.json');
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
    const [unnamed, current] = [await makeVersion('9.9.9'), await makeVersion(version)];
    expect([unnamed.code, unnamed.output]).toEqual([
      1,
      expect.stringContaining('package.json says another version'),
    ]);
    expect([current.code, current.output]).toEqual([
      1,
      expect.stringContaining('CHANGELOG.md has no heading'),
    ]);
  });

  it('publish-version.yml, push of a tag: proves and attests the zip, makes the GitHub release and moves the major tag', async () => {
    const commit = await prepare('1.2.0');

    const { code, output } = await tag('v1.2.0');

    expect(output).toMatch(/attested: [0-9a-f]{64} {2}redeployer\/version\/redeployer\.zip/);
    expect(output).toMatch(/attested: [0-9a-f]{64} {2}cli\/dist\/slipway-cli-1\.2\.0\.tgz/);
    expect(code).toBe(0);
    expect(await github.records('gh')).toContainEqual(
      expect.stringMatching(
        /release create v1\.2\.0 .*redeployer\.zip redeployer\/version\/redeployer\.zip\.sha256 cli\/dist\/slipway-cli-1\.2\.0\.tgz/,
      ),
    );
    expect(await github.records('major')).toEqual([commit]);
    await back();
  });

  it('publish-version.yml, push of a tag: leaves the major tag where a newer version is', async () => {
    await prepare('1.1.9');

    const { code, output } = await tag('v1.1.9');

    expect(code).toBe(0);
    expect(output).toContain('v1 stays where it is: v1.2.0 is newer.');
    expect(await github.records('major')).toEqual([]);
    await back();
  });

  it('publish-version.yml, push of a tag: refuses a commit whose checks have not passed', async () => {
    await prepare('1.3.0');
    await checks('failure');

    const { code, output } = await tag('v1.3.0');

    expect(code).not.toBe(0);
    expect(output).toContain('has not passed (failure)');
    expect(await github.records('gh')).not.toContainEqual(expect.stringContaining('release'));
    await back();
  });

  it('publish-version.yml, push of a tag: refuses a zip that the sources do not give', async () => {
    const clone = github.clone(SLIPWAY);
    await prepare('1.4.0');
    const folder = path.join(clone, 'redeployer/version');
    await appendFile(path.join(folder, 'redeployer.zip'), 'and more');
    await run('bash', ['-c', 'sha256sum redeployer.zip >redeployer.zip.sha256'], folder);
    await git(clone, 'commit', '--quiet', '--all', '--amend', '--no-edit');

    const { code, output } = await tag('v1.4.0');

    expect(code).not.toBe(0);
    expect(output).toContain('is not the one that its sources give');
    expect(await github.records('gh')).not.toContainEqual(expect.stringContaining('release'));
    await back();
  });

  it('publish-version.yml, push of a tag: refuses a commit that is no version', async () => {
    await git(github.clone(SLIPWAY), 'tag', 'v1.5.0');
    await checks('success');

    const { code, output } = await tag('v1.5.0');

    expect(code).not.toBe(0);
    expect(output).toContain("is not a version's own commit");
  });

  it('runs nothing of a hostile tag', async () => {
    const { values, ran } = hostile(github.folder);

    const { code, output } = await tag(allHostile(values));

    expect(code).not.toBe(0);
    expect(output).toContain('github-ref-name has to be a version tag');
    expect(ran()).toBe(false);
  });
});
