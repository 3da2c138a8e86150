import type { Stage } from './stage.ts';
import type { Sent } from './steady-load.ts';
import type { Guarantees } from './verdict.ts';

/** What a drill saw. */
export interface Seen {
  sent: Sent[];
  /** When the fault ended, on the clock of the requests. */
  endedAt: number;
  /** What went wrong besides, a sentence each. */
  broken?: string[];
  /** Something worth a place in the table. */
  note?: string;
}

/** One fault, made for real. */
export interface Drill {
  name: string;
  /** What is done, in a few words. */
  what: string;
  guarantees?: Partial<Guarantees>;
  /** Runs it and puts everything back. Each service that it starts and does not stop itself is stopped afterwards. */
  run(stage: Stage): Promise<Seen>;
}
