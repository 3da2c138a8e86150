/** So many versions back a stale read may answer from. */
const KEPT = 4;

/** A state and the ones it followed, for reads that are behind. */
export class Versions<State> {
  newest: State;
  private older: State[] = [];

  constructor(first: State) {
    this.newest = first;
  }

  /** The next version. */
  follow(changes: Partial<State>): void {
    this.older = [this.newest, ...this.older].slice(0, KEPT);
    this.amend(changes);
  }

  /** More of what the newest version brought: one call of AWS is one version. */
  amend(changes: Partial<State>): void {
    this.newest = { ...this.newest, ...changes };
  }

  /** The state so many versions ago, or the oldest that is kept. */
  before(versions: number): State {
    return this.older[versions - 1] ?? this.older.at(-1) ?? this.newest;
  }

  /** Nothing before the newest version was ever seen. */
  forget(): void {
    this.older = [];
  }
}
