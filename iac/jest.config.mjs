import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'iac',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
};
