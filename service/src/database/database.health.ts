import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import { DatabaseError } from './database.error.ts';
import { DatabaseService } from './database.service.ts';
import type { QueryError } from './query.error.ts';

/** A probe must answer before the load balancer gives up on it, however long the database takes. */
const PROBE_TIMEOUT_MS = 1000;
/** However many probes arrive, the database is asked this often at most. */
const PROBE_CACHE_MS = 250;

export type DatabaseStatus =
  { status: 'up' } | { status: 'degraded' } | { status: 'down'; reason: DatabaseError | QueryError };

/**
 * `up` while the database answers, `down` with a reason until it has answered once, `degraded` when it has stopped
 * answering: see docs/decisions/0002-probes.md. Each change is a line in the log, the first one without a probe.
 */
@Injectable()
export class DatabaseHealth implements OnApplicationBootstrap {
  private readonly logger = new Logger(DatabaseHealth.name);
  /** Why the last round trip failed; before it has, a probe that gave up waiting. */
  private reason: DatabaseError | QueryError = new DatabaseError(
    'DB_TIMEOUT',
    new Error(`no answer within ${PROBE_TIMEOUT_MS} ms`),
  );
  private checking: Promise<DatabaseStatus> | undefined;
  private reported: string | undefined;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly indicators: HealthIndicatorService,
    private readonly database: DatabaseService,
  ) {}

  /** Nothing waits for the first check, and it begins once the log is open: see serve.ts. */
  onApplicationBootstrap(): void {
    this.adapterHost.listen$.subscribe(() => void this.check());
  }

  /** Never rejects. */
  check(): Promise<DatabaseStatus> {
    this.checking ??= this.ask().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async ask(): Promise<DatabaseStatus> {
    const { database } = await this.indicators
      .check('database')
      .attempt(() => this.roundTrip())
      .withTimeout(PROBE_TIMEOUT_MS)
      .cacheFor(PROBE_CACHE_MS);
    const status = this.statusOf(database.status === 'up');
    this.report(status);
    return status;
  }

  private statusOf(isUp: boolean): DatabaseStatus {
    if (isUp) {
      return { status: 'up' };
    }
    return this.database.hasAnswered ? { status: 'degraded' } : { status: 'down', reason: this.reason };
  }

  private report({ status }: DatabaseStatus): void {
    const { code } = this.reason;
    // That a task never gets ready can have one reason after the other; a line for each.
    const change = status === 'down' ? `down: ${code}` : status;
    if (change === this.reported) {
      return;
    }
    this.reported = change;
    switch (status) {
      case 'up':
        return this.logger.log({ database: status }, 'the database answers');
      case 'degraded':
        return this.logger.warn(
          { database: status, code, err: this.reason },
          'the database has stopped answering; the service stays ready',
        );
      case 'down':
        return this.logger.warn(
          { database: status, code, err: this.reason },
          'the database has not answered since the start; the service is not ready',
        );
    }
  }

  private async roundTrip(): Promise<void> {
    try {
      await this.database.engineVersion();
    } catch (error) {
      this.reason = error as DatabaseError | QueryError;
      throw error;
    }
  }
}
