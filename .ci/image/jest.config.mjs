/** The image, built and run for real: `.ci/run` calls it, because it needs root, buildah, podman and runc. */
import service from '../../service/jest.config.mjs';

export default {
  ...service,
  displayName: 'image',
  testMatch: ['<rootDir>/*.spec.ts'],
  testTimeout: 300_000,
};
