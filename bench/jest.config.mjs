import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'bench',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
};
