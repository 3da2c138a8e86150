/** An error as the log shows it. */
export interface LoggedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
}

/** A chain of causes may lead back to its beginning. */
const MAX_CAUSES = 5;

/** What helps to find a fault, chosen field by field: pg puts connection settings and SQL on some of its errors. */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: String(error) };
  }
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return {
    type: name,
    message,
    ...(typeof code === 'string' && { code }),
    // An error with a cause only gives it a name; the stack that tells where is the cause's.
    ...(cause === undefined || depth === MAX_CAUSES
      ? { stack }
      : { cause: serializeError(cause, depth + 1) }),
  };
}
