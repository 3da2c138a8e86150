import typescript from '../jest.typescript.mjs';

/**
 * What takes minutes, or needs more than Node: the image, the workflows as act executes them, and every layer applied
 * against the emulator. `npm test -- --config test/jest.config.mjs --selectProjects image`
 */
export default {
  // Bounds for a machine that is busy: a run waits most of the time for processes to start and for the provider.
  testTimeout: 900_000,
  maxWorkers: 2,
  projects: [
    // Needs root, buildah, podman and runc.
    { ...typescript, displayName: 'image', rootDir: '<rootDir>/image', testMatch: ['<rootDir>/*.spec.ts'] },
    {
      ...typescript,
      displayName: 'act',
      rootDir: '<rootDir>/act',
      testMatch: ['<rootDir>/*.spec.ts'],
      // Layers of the emulator's world run the redeployer as it is shipped.
      globalSetup: '<rootDir>/../../redeployer/test/build-zip.mjs',
    },
    {
      ...typescript,
      displayName: 'applied',
      rootDir: '<rootDir>/../rehearsal/test/applied',
      testMatch: ['<rootDir>/*.spec.ts'],
    },
  ],
};
