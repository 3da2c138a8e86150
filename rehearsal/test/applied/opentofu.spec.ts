import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LAYERS, ROOTS } from '@slipway/test-helpers/terraform/layers';
import { describeNeeds, findTool } from '@slipway/test-helpers/tools/tools';
import { describeEmulator } from '@slipway/test-helpers/emulator/emulator';
import { Environment } from './support/environment.ts';

const ended = (code: number) => ({ code, output: expect.any(String) });

/** What Terraform does at length in the other specs, OpenTofu does once: from bootstrap to destroy. */
describeNeeds(findTool('tofu'))('with OpenTofu', () => {
  describeEmulator('the environment development', () => {
    let environment: Environment;

    beforeAll(async () => {
      environment = await Environment.start('development', 'tofu');
    });

    afterAll(() => environment.stop());

    test('is bootstrapped', async () => {
      expect(await environment.bootstrap()).toEqual(ended(0));
    });

    test.each(LAYERS)('has %s planned and applied', async (layer) => {
      expect(await environment.plan(layer)).toMatchObject(ended(2));
      expect(await environment.apply(layer)).toEqual(ended(0));
    });

    test.each(ROOTS)('has nothing to change in %s afterwards', async (root) => {
      expect(await environment.plan(root)).toMatchObject(ended(0));
    });

    test.each(LAYERS.toReversed())('has %s destroyed', async (layer) => {
      expect(await environment.destroy(layer)).toEqual(ended(0));
      expect(await environment.resources(layer)).toEqual([]);
    });
  });
});
