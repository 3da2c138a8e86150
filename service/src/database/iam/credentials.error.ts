/** Thrown for a new connection when the credentials of the task's role cannot be had; it holds nothing of them. */
export class CredentialsError extends Error {
  override name = 'CredentialsError';

  constructor(reason: string, cause?: unknown) {
    super(`the credentials of the task's role cannot be had: ${reason}`, { cause });
  }
}
