import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'docs',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
};
