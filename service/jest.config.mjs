import typescript from '../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'service',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
};
