/** Thrown at start when variables are missing or wrong. Its message names each of them and no value. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';

  constructor(issues: readonly { path: readonly PropertyKey[]; message: string }[]) {
    const wrong = issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    super(`The configuration is not valid: ${wrong.join('; ')}.`);
  }
}
