import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'rehearsal',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  // The tests run the redeployer as it is shipped.
  globalSetup: '<rootDir>/../redeployer/test/build-zip.mjs',
};
