import { afterAll, beforeAll, expect, it } from '@jest/globals';
import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { ACCOUNT, REGION } from '../../rehearsal/emulator/test/support/aws.ts';
import { describeEmulator, startEmulator, type Emulator } from '../../rehearsal/emulator/test/support/emulator.ts';
import { GitHub, moveEnvironments } from './support/act.ts';
import { commitAll, git, SLIPWAY } from './support/clone.ts';
import { World } from './support/world.ts';

const DEVELOPMENT = 'slipway-development';
const PRODUCTION = 'slipway-production';

describeEmulator('an image, from the push to the service that runs it', () => {
  let emulator: Emulator;
  let world: World;
  let github: GitHub;
  let first: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    world = new World(emulator.url);
    await world.build([DEVELOPMENT, PRODUCTION]);
    github = await GitHub.create(emulator.url);
    await moveEnvironments(path.join(github.clone(SLIPWAY), 'iac/environments'), ACCOUNT, REGION);
    first = await commitAll(github.clone(SLIPWAY));
  });

  afterAll(async () => {
    world.stop();
    await emulator.stop();
    await github.remove();
  });

  it('builds the first image and waits until development runs it', async () => {
    const { code, output } = await github.run(SLIPWAY, 'application.yml', 'push');

    console.log(output.slice(-6000));
    expect(code).toBe(0);
    const digest = (await world.images(DEVELOPMENT))[first];
    expect(await world.runs(DEVELOPMENT)).toMatch(new RegExp(`@${digest}$`));
    expect(output).toContain('completed: The service runs the image');
  });
});
