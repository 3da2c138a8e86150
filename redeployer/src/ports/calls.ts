import {
  AwsCallError,
  LookAgainError,
  MissingResourceError,
  OutOfTimeError,
  PermissionDeniedError,
  UncertainWriteError,
} from '../errors.ts';

/** One call to AWS in the words of IAM: what a person has to look at when it fails. */
export interface Call {
  action: string;
  resource: string;
  /** A writing call that AWS carries out anew each time it is sent. */
  writes?: boolean;
}

/** Where each setting that can name something missing comes from, by the error AWS answers with. */
const MISSING: Record<string, string> = {
  ClusterNotFoundException: 'look at `cluster` in SERVICES',
  ServiceNotFoundException: 'look at `service` in SERVICES',
  ServiceNotActiveException: 'the service was deleted; apply Terraform again',
  RepositoryNotFoundException: 'look at `repository` in SERVICES',
  NotFoundException: 'look at OUTCOME_TOPIC_ARN',
};

/** How AWS words a denial: "… is not authorized to perform: ACTION on resource: ARN because …". */
const DENIED = /to perform: (\S+)(?: on resource: (\S+))?/;

/**
 * Makes a call, gives it up when the signal aborts, and gives its failure a name.
 * @throws PermissionDeniedError, MissingResourceError, OutOfTimeError, UncertainWriteError or AwsCallError.
 */
export async function call<T>(
  { action, resource, writes }: Call,
  signal: AbortSignal,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await raceAbort(signal, send({ abortSignal: signal }));
  } catch (cause) {
    if (cause instanceof LookAgainError) throw cause;
    const { name, message, status } = traitsOf(cause);
    if (/^(AccessDenied|AuthorizationError|Unauthorized)/.test(name)) {
      // The action denied may be another than the one called: registering needs `iam:PassRole`.
      const [, needed = action, on = resource] = DENIED.exec(message) ?? [];
      throw new PermissionDeniedError(needed, on, { cause });
    }
    const hint = MISSING[name];
    if (hint) throw new MissingResourceError(`${action}: ${resource} does not exist: ${hint}`, { cause });
    if (signal.aborted) throw new OutOfTimeError(action, resource, { cause });
    // An answer below 500 is AWS's word that nothing was done.
    if (writes && !(status < 500)) throw new UncertainWriteError(action, resource, { cause });
    throw new AwsCallError(action, resource, { cause });
  }
}

/** The SDK heeds the signal while it sends, but not while it waits before another attempt. */
async function raceAbort<T>(signal: AbortSignal, sending: Promise<T>): Promise<T> {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([sending, aborted]);
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
  }
}

function traitsOf(error: unknown): { name: string; message: string; status: number } {
  if (!(error instanceof Error)) return { name: '', message: '', status: NaN };
  const { name, message } = error;
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) {
    return { name, message, status: NaN };
  }
  return { name, message, status: Number(metadata.httpStatusCode) };
}
