import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { IAC, ROOTS } from '@slipway/test-helpers/terraform/layers';
import { findTerraform, providerSource, tofuSource } from '@slipway/test-helpers/terraform/provider-source';
import { run } from '@slipway/test-helpers/terraform/terraform';

const found = await findTerraform('terraform');
const terraform = found ?? 'terraform';

describeNeeds(findTool('terraform'))('Terraform', () => {
  test('finds everything formatted', async () => {
    const { output } = await run(
      'terraform',
      ['fmt', '-check', '-recursive', '-diff'],
      IAC,
      providerSource(),
    );

    expect(output).toBe('');
  });
});

describeNeeds(found)('Terraform with its provider', () => {
  let environment: Record<string, string>;
  let data: string;

  beforeAll(() => {
    environment = providerSource();
    data = mkdtempSync(path.join(tmpdir(), 'layers-'));
  });

  afterAll(() => rmSync(data, { recursive: true }));

  test.each(ROOTS)(
    'finds %s valid, and its own tests pass',
    async (root) => {
      const own = { ...environment, TF_DATA_DIR: path.join(data, root) };
      const terraformIn = (...args: string[]) => run(terraform, args, path.join(IAC, root), own);

      const initialised = await terraformIn(
        'init',
        '-backend=false',
        '-lockfile=readonly',
        '-input=false',
        '-no-color',
      );
      expect(initialised).toEqual({ code: 0, output: expect.stringContaining('successfully initialized') });

      const validated = await terraformIn('validate', '-no-color');
      // No warning either.
      expect(validated).toEqual({ code: 0, output: 'Success! The configuration is valid.\n\n' });

      const tested = await terraformIn('test', '-no-color');
      expect(tested).toEqual({
        code: 0,
        output: expect.stringMatching(/Success! [1-9]\d* passed, 0 failed/),
      });
    },
    900_000,
  );
});

const tofu = await findTerraform('tofu');

// From a copy: without its own registry in the lock it writes one.
describeNeeds(tofu)('OpenTofu', () => {
  let environment: Record<string, string>;
  let copy: string;

  beforeAll(() => {
    environment = tofuSource();
    copy = mkdtempSync(path.join(tmpdir(), 'tofu-'));
    cpSync(IAC, copy, { recursive: true, verbatimSymlinks: true });
  });

  afterAll(() => rmSync(copy, { recursive: true }));

  test.each(ROOTS)(
    'finds %s valid, and its own tests pass',
    async (root) => {
      const tofuIn = (...args: string[]) =>
        run(tofu ?? 'tofu', [...args, '-no-color'], path.join(copy, root), environment);

      expect(await tofuIn('init', '-backend=false', '-input=false')).toMatchObject({ code: 0 });
      expect(await tofuIn('validate')).toEqual({ code: 0, output: 'Success! The configuration is valid.\n' });
      expect(await tofuIn('test')).toEqual({
        code: 0,
        output: expect.stringMatching(/Success! [1-9]\d* passed, 0 failed/),
      });
    },
    900_000,
  );
});
