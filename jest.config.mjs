/** One run over every package: `npm test`. Each project can also be run alone with `--selectProjects`. */
export default {
  projects: ['<rootDir>/service', '<rootDir>/redeployer'],
};
