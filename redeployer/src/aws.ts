import type { Clients } from './ports/clients.ts';

/** The outside world during one invocation: AWS, the clock, and the end of the function's time. */
export interface Aws {
  clients: Clients;
  topicArn: string;
  /** Aborts every call when the function's time is nearly over. */
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits so many milliseconds, or until the signal aborts. */
  pause(milliseconds: number): Promise<void>;
}
