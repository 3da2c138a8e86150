import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiDatabaseFailures } from '../database/api-database-failures.decorator.ts';
import { DatabaseError } from '../database/database.error.ts';
import { DatabaseHealth } from '../database/database.health.ts';
import { DrainingService } from '../lifecycle/draining.service.ts';
import { ProblemException } from '../problem/problem.exception.ts';
import { LivenessDto } from './liveness.dto.ts';
import { ReadinessDto } from './readiness.dto.ts';

/** What ECS and the load balancer ask: see docs/decisions/0002-probes.md. */
@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly draining: DrainingService,
    private readonly database: DatabaseHealth,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the process answers; never looks at the database' })
  @ApiOkResponse({ type: LivenessDto })
  live(): LivenessDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether to send traffic here' })
  @ApiOkResponse({ type: ReadinessDto })
  @ApiDatabaseFailures('SHUTTING_DOWN')
  async ready(): Promise<ReadinessDto> {
    if (this.draining.isDraining) {
      throw unavailable('SHUTTING_DOWN', 'The service is shutting down.');
    }
    const database = await this.database.check();
    switch (database.status) {
      case 'down':
        throw database.reason instanceof DatabaseError
          ? unavailable(database.reason.code, 'The database has not answered since the start.')
          : database.reason;
      case 'degraded':
        return { status: 'degraded', database: 'degraded' };
      case 'up':
        return { status: 'ok', database: 'up' };
    }
  }
}

function unavailable(code: string, detail: string): ProblemException {
  return new ProblemException(503, code, detail);
}
