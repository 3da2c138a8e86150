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

/** Thrown when a commit was pushed whose image is the very one of another commit. */
export class SharedImageError extends Error {
  override readonly name = 'SharedImageError';
  constructor(commit: string, others: string[]) {
    super(
      `The image of commit ${commit} is also that of ${others.join(', ')}: the registry does not tell which ` +
        'was pushed last, so it is not released. Let the build put the commit into the image, or ask for a release of it',
    );
  }
}

/** Thrown when something that `SERVICES` or Terraform names does not exist. */
export class MissingResourceError extends Error {
  override readonly name = 'MissingResourceError';
}

/** Thrown when a template, or the service itself, is set up in a way that cannot be released safely. */
export class UnsupportedSettingError extends Error {
  override readonly name = 'UnsupportedSettingError';
}

/** Thrown when what AWS answered must not be acted on as it stands; a fresh look may clear it up. */
export abstract class LookAgainError extends Error {}

/** Thrown when answers of AWS do not fit together: some of them are older than others. */
export class ContradictoryViewError extends LookAgainError {
  override readonly name = 'ContradictoryViewError';
}

/** Thrown when a service has no template at this moment: Terraform may be replacing it, or ended half way. */
export class MissingTemplateError extends LookAgainError {
  override readonly name = 'MissingTemplateError';
  constructor(family: string) {
    super(`There is no active task definition ${family}: apply Terraform`);
  }
}

/** Thrown when another run registered a release since this one looked: its decision may be out of date. */
export class OvertakenError extends LookAgainError {
  override readonly name = 'OvertakenError';
}

/** Thrown when something else had to be settled before what a message asks for: a fresh look goes on from there. */
export class SettledFirstError extends LookAgainError {
  override readonly name = 'SettledFirstError';
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
export class UncertainWriteError extends LookAgainError {
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
