import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '@slipway/test-helpers/root';
import { describeScripts, runScript } from './support/script.ts';

describeScripts("a version's zip", () => {
  let folder: string;
  const take = () => runScript(path.join(folder, '.github/actions/build-redeployer/take.sh'));
  /** What .ci/prepare-version.sh adds. */
  const carry = async (zip: string, named: string) => {
    const version = path.join(folder, 'redeployer/version');
    await mkdir(version, { recursive: true });
    await writeFile(path.join(version, 'redeployer.zip'), zip);
    const sha256 = createHash('sha256').update(named).digest('hex');
    await writeFile(path.join(version, 'redeployer.zip.sha256'), `${sha256}  redeployer.zip\n`);
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'version-'));
    for (const name of ['shared.sh', 'build-redeployer']) {
      const file = path.join('.github/actions', name);
      await cp(path.join(ROOT, file), path.join(folder, file), { recursive: true });
    }
    await mkdir(path.join(folder, 'redeployer'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is taken', async () => {
    await carry('zip', 'zip');
    const zip = path.join(folder, 'redeployer/version/redeployer.zip');
    expect((await take()).outputs).toEqual({ taken: 'true', zip });
  });

  it('is refused where it is not the one that its checksum names', async () => {
    await carry('zip', 'another zip');
    const { code, said, outputs } = await take();
    expect([code, outputs]).toEqual([1, {}]);
    expect(said).toContain("The redeployer's zip of this version is not the one that its checksum names");
  });

  it('is built where there is none', async () => {
    expect((await take()).outputs).toEqual({ taken: 'false' });
  });
});
