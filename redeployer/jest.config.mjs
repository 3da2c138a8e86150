import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'redeployer',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/build-zip.mjs',
};
