/** The image, built and run for real: `.ci/run` calls it, because it needs root, buildah, podman and runc. */
import typescript from '../../jest.typescript.mjs';

export default {
  ...typescript,
  displayName: 'image',
  testMatch: ['<rootDir>/*.spec.ts'],
  testTimeout: 300_000,
};
