/** One run over every package: `npm test`. Each project can also be run alone with `--selectProjects`. */
export default {
  // For a machine that is busy, not for the service: its own bounds are far shorter.
  testTimeout: 60_000,
  // The tests mostly wait for the processes that they start.
  maxWorkers: '100%',
  projects: [
    '<rootDir>/service',
    '<rootDir>/redeployer',
    '<rootDir>/docs',
    '<rootDir>/bench',
    '<rootDir>/iac',
    '<rootDir>/rehearsal',
    '<rootDir>/test/workflows',
  ],
};
