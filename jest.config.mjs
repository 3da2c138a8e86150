/** One run over every package: `npm test`. Each project can also be run alone with `--selectProjects`. */
export default {
  // For a machine that is busy, not for the service: its own bounds are far shorter.
  testTimeout: 60_000,
  projects: ['<rootDir>/service', '<rootDir>/redeployer'],
};
