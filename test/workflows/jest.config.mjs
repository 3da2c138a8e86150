import typescript from '../../jest.typescript.mjs';

/** The workflows and actions of `.github/`: jest does not look into folders whose names begin with a dot. */
export default {
  ...typescript,
  displayName: 'workflows',
  testMatch: ['<rootDir>/**/*.spec.ts'],
};
