/** Thrown at start when a variable of the environment is missing or wrong; names every mistake. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(mistakes: string[]) {
    super(`The configuration is wrong: ${mistakes.join('; ')}`);
  }
}

/** Thrown for a message that no retry can make readable. No call to AWS was made for it. */
export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
}

/** Thrown when a release is asked for a commit that has no image any more. */
export class CommitNotInRegistryError extends Error {
  override readonly name = 'CommitNotInRegistryError';
  constructor(repository: string, commit: string, available: string[]) {
    const choice = available.length > 0 ? available.join(', ') : 'none';
    super(
      `The repository ${repository} has no image of commit ${commit}. Commits there, newest first: ${choice}`,
    );
  }
}

/** Thrown when something that `SERVICES` or Terraform names does not exist. */
export class MissingResourceError extends Error {
  override readonly name = 'MissingResourceError';
}

/** Thrown when AWS refuses a call; names the action and the resource to allow. */
export class PermissionDeniedError extends Error {
  override readonly name = 'PermissionDeniedError';
  constructor(action: string, resource: string, options: ErrorOptions) {
    super(`AWS denied ${action} on ${resource}: allow that action on it in the redeployer's role`, options);
  }
}

/** Thrown when a call was cut off because the function's time was nearly over. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
  constructor(action: string, resource: string, options: ErrorOptions) {
    super(`The function's time ran out during ${action} on ${resource}; the next message goes on`, options);
  }
}

/** Thrown when a writing call failed in a way that leaves open whether AWS carried it out. */
export class UncertainWriteError extends Error {
  override readonly name = 'UncertainWriteError';
  constructor(action: string, resource: string, options: ErrorOptions) {
    super(`It is not known whether ${action} on ${resource} took effect`, options);
  }
}

/** Thrown when AWS answers a call with an error that nothing here knows better. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  constructor(action: string, resource: string, options: ErrorOptions) {
    super(`${action} on ${resource} failed: ${textOf(options.cause)}`, options);
  }
}

/** @returns an error's name and message, whatever was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
