/** What somebody can mend: it is shown as one sentence, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** What a command ends with when it was carried out and the answer is not a good one. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
