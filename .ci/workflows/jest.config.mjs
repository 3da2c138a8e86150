/** The workflows, audited by every checker and executed from the event to their end: `.ci/run` calls it. */
import typescript from '../../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'workflows for real',
  testMatch: ['<rootDir>/*.spec.ts'],
  // A bound for a machine that is busy: a run takes seconds, most of them waiting for processes to start.
  testTimeout: 900_000,
  maxWorkers: 2,
  // Layers of the emulator's world run the redeployer as it is shipped.
  globalSetup: '<rootDir>/../../redeployer/test/build-zip.mjs',
};
