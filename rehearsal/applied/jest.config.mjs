import typescript from '../../jest.typescript.mjs';

/** Every layer of both environments applied against the emulator: minutes, so it is not part of `npm test`. */
export default {
  ...typescript,
  displayName: 'applied',
  testMatch: ['<rootDir>/*.spec.ts'],
  // The environments wait for the provider's own waiters: side by side they take no longer than one.
  maxWorkers: 2,
  testTimeout: 600_000,
};
