/** Thrown for a new connection when `DB_PASSWORD_FILE` cannot be read; `cause` says why. */
export class PasswordFileError extends Error {
  override name = 'PasswordFileError';

  constructor(cause: unknown) {
    super('DB_PASSWORD_FILE cannot be read', { cause });
  }
}
