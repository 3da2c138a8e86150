import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiDatabaseFailures } from '../database/api-database-failures.decorator.ts';
import { DatabaseService } from '../database/database.service.ts';
import { ConnectionDto } from './connection.dto.ts';

@ApiTags('service')
@Controller('connect')
export class ConnectController {
  constructor(private readonly database: DatabaseService) {}

  @Get()
  @ApiOperation({ summary: 'A live round trip to the database' })
  @ApiOkResponse({ type: ConnectionDto })
  @ApiDatabaseFailures()
  async connect(): Promise<ConnectionDto> {
    return { engine: 'PostgreSQL', ...(await this.database.engineVersion()) };
  }
}
