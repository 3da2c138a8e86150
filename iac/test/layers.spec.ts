import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { IAC, ROOTS } from '@slipway/test-helpers/terraform/layers';
import { findTerraform, providerSource, tofuSource } from '@slipway/test-helpers/terraform/provider-source';
import { shareProvider, type SharedProvider } from '@slipway/test-helpers/terraform/shared-provider';
import { run } from '@slipway/test-helpers/terraform/terraform';

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

const terraform = await findTerraform('terraform');
const tofu = await findTerraform('tofu');

describeNeeds(terraform)('Terraform with its provider', () =>
  testLayers(terraform ?? 'terraform', providerSource, ['-lockfile=readonly']),
);
// The locks do not name OpenTofu's registry: iac/README.md.
describeNeeds(tofu)('OpenTofu', () => testLayers(tofu ?? 'tofu', tofuSource, []));

/** From a copy: OpenTofu adds its own registry to the locks. */
function testLayers(program: string, source: () => Record<string, string>, lock: string[]): void {
  let copy: string;
  let environment: Record<string, string>;
  let provider: SharedProvider | undefined;

  beforeAll(() => {
    environment = source();
    copy = mkdtempSync(path.join(tmpdir(), 'layers-'));
    cpSync(IAC, copy, { recursive: true, verbatimSymlinks: true });
  });

  afterAll(async () => {
    await provider?.stop();
    rmSync(copy, { recursive: true });
  });

  test.each(ROOTS)(
    'finds %s valid, and its own tests pass',
    async (root) => {
      const folder = path.join(copy, root);
      const runIn = (args: string[], shared = {}) =>
        run(program, [...args, '-no-color'], folder, { ...environment, ...shared });

      const initialised = await runIn(['init', '-backend=false', '-input=false', ...lock]);
      expect(initialised).toEqual({ code: 0, output: expect.stringContaining('successfully initialized') });

      // No warning either.
      expect(await runIn(['validate'])).toEqual({
        code: 0,
        output: expect.stringMatching(/^Success! The configuration is valid\.\n+$/),
      });

      provider ??= await shareProvider(path.join(folder, '.terraform'));
      expect(await runIn(['test'], provider.variables)).toEqual({
        code: 0,
        output: expect.stringMatching(/Success! [1-9]\d* passed, 0 failed/),
      });
    },
    900_000,
  );
}
