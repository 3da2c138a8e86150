import options from './swc.mjs';

/** How every package's tests read TypeScript: as ES modules. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', options] },
};
