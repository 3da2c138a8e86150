import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'redeployer',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/build-zip.mjs',
  // For a machine that is busy; read where the package is tested alone.
  testTimeout: 300_000,
};
