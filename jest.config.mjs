import typescript from './jest.typescript.mjs';

/** What Node alone can run: `npm test`. Each project can also be run alone with `--selectProjects`. */
export default {
  // For a machine that is busy, not for the service: its own bounds are far shorter.
  testTimeout: 300_000,
  // The tests mostly wait for the processes that they start.
  maxWorkers: '100%',
  projects: [
    room('service'),
    '<rootDir>/redeployer',
    // Its package has a manifest of the same name.
    { ...room('cli'), modulePathIgnorePatterns: ['<rootDir>/dist/'] },
    // It packs the tool, with the redeployer as it is shipped.
    { ...room('docs'), globalSetup: '<rootDir>/../redeployer/test/build-zip.mjs' },
    room('bench'),
    room('iac'),
    {
      ...room('rehearsal'),
      // Minutes: `test/jest.config.mjs` has it.
      testPathIgnorePatterns: ['<rootDir>/test/applied/'],
      // Its tests run the redeployer as it is shipped.
      globalSetup: '<rootDir>/../redeployer/test/build-zip.mjs',
    },
    room('test/workflows', 'workflows'),
  ],
};

/**
 * The tests of a folder: beside the units, and in its `test/`.
 *
 * @param {string} folder
 */
function room(folder, displayName = folder) {
  return {
    ...typescript,
    rootDir: `<rootDir>/${folder}`,
    displayName,
    testMatch: ['<rootDir>/**/*.spec.ts'],
  };
}
