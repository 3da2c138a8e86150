import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'rehearsal',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  // Minutes: CI runs it with a configuration of its own.
  testPathIgnorePatterns: ['<rootDir>/applied/'],
  // The tests run the redeployer as it is shipped.
  globalSetup: '<rootDir>/../redeployer/test/build-zip.mjs',
};
