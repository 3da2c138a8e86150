import type { Credentials } from './fetch-credentials.ts';

/** How long before their end newer ones are fetched, while these still serve: an outage has so long to pass. */
const RENEW_BEFORE_MS = 15 * 60_000;
/** With less than this left they are no longer used: the database's clock may be ahead. */
const KEEP_BEFORE_MS = 60_000;

/** The credentials of the task's role, fetched when they are first needed and renewed before they end. */
export class TaskCredentials {
  private current: Credentials | undefined;
  private fetching: Promise<Credentials> | undefined;

  constructor(private readonly fetch: () => Promise<Credentials>) {}

  /** @throws CredentialsError when there are none that are still good, and none can be fetched */
  async get(): Promise<Credentials> {
    const { current } = this;
    const leftMs = current === undefined ? 0 : current.expiration.getTime() - Date.now();
    if (current !== undefined && leftMs > KEEP_BEFORE_MS) {
      if (leftMs < RENEW_BEFORE_MS) {
        // Whoever needs them when these have ended hears of a failure.
        this.renew().catch(() => {});
      }
      return current;
    }
    return this.renew();
  }

  private renew(): Promise<Credentials> {
    this.fetching ??= this.fetch()
      .then((credentials) => (this.current = credentials))
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }
}
