import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { IAC, ROOTS, type Root } from '@slipway/test-helpers/terraform/layers';
import { findTerraform, providerSource } from '@slipway/test-helpers/terraform/provider-source';
import { shareProvider, type SharedProvider } from '@slipway/test-helpers/terraform/shared-provider';
import { run, type Run } from '@slipway/test-helpers/terraform/terraform';

describeNeeds(findTool('terraform'))('Terraform', () => {
  test('finds everything formatted', async () => {
    const { output } = await run(
      'terraform',
      ['fmt', '-check', '-recursive', '-diff'],
      IAC,
      providerSource('terraform'),
    );

    expect(output).toBe('');
  });
});

const terraform = await findTerraform('terraform');
const tofu = await findTerraform('tofu');

// The locks do not name OpenTofu's registry: iac/README.md.
describe.each([
  ['Terraform', 'terraform', terraform, ['-lockfile=readonly']],
  ['OpenTofu', 'tofu', tofu, []],
] as const)('%s', (_, program, found, lock) => {
  describeNeeds(found)('with its provider', () => {
    let copy: string;
    let environment: Record<string, string>;
    let provider: SharedProvider | undefined;

    beforeAll(() => {
      environment = providerSource(program);
      // OpenTofu adds its own registry to the locks.
      copy = mkdtempSync(path.join(tmpdir(), 'layers-'));
      cpSync(IAC, copy, { recursive: true, verbatimSymlinks: true });
    });

    afterAll(async () => {
      await provider?.stop();
      rmSync(copy, { recursive: true });
    });

    test.each(ROOTS)('finds %s valid', async (root) => {
      const initialised = await runIn(root, ['init', '-backend=false', '-input=false', ...lock]);
      expect(initialised).toEqual({ code: 0, output: expect.stringContaining('successfully initialized') });

      provider ??= await shareProvider(path.join(copy, root, '.terraform'));
      // No warning either.
      expect(await runIn(root, ['validate'])).toEqual({
        code: 0,
        output: expect.stringMatching(/^Success! The configuration is valid\.\n+$/),
      });
    });

    // Once: what OpenTofu makes of the layers is seen where it applies them, in a rehearsal.
    if (program === 'terraform')
      test.each(ROOTS)('finds that the tests of %s pass', async (root) => {
        expect(await runIn(root, ['test'])).toEqual({
          code: 0,
          output: expect.stringMatching(/Success! [1-9]\d* passed, 0 failed/),
        });
      });

    function runIn(root: Root, args: string[]): Promise<Run> {
      const variables = { ...environment, ...provider?.variables };
      return run(program, [...args, '-no-color'], path.join(copy, root), variables);
    }
  });
});
