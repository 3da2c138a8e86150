import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import type { DatabaseError, DatabaseErrorCode } from './database.error.ts';
import { DatabaseService } from './database.service.ts';

/** A probe must answer before the load balancer gives up on it, however long the database takes. */
const PROBE_TIMEOUT_MS = 1000;
/** However many probes arrive, the database is asked this often at the most. */
const PROBE_CACHE_MS = 250;

export type DatabaseStatus = { status: 'up' | 'degraded' } | { status: 'down'; code: DatabaseErrorCode };

/**
 * `up` while the database answers, `down` with a code until it has answered once, `degraded` when it has stopped
 * answering: see docs/decisions/0002-probes.md.
 */
@Injectable()
export class DatabaseHealth {
  /** Why the last round trip failed; before it has, a probe that gave up waiting. */
  private code: DatabaseErrorCode = 'DB_TIMEOUT';

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: DatabaseService,
  ) {}

  async check(): Promise<DatabaseStatus> {
    const { database } = await this.indicators
      .check('database')
      .attempt(() => this.roundTrip())
      .withTimeout(PROBE_TIMEOUT_MS)
      .cacheFor(PROBE_CACHE_MS);
    if (database.status === 'up') {
      return { status: 'up' };
    }
    return this.database.hasAnswered ? { status: 'degraded' } : { status: 'down', code: this.code };
  }

  private async roundTrip(): Promise<void> {
    try {
      await this.database.engineVersion();
    } catch (error) {
      this.code = (error as DatabaseError).code;
      throw error;
    }
  }
}
