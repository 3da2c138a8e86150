import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DATABASE_ERROR_CODES } from '../database/database.error.ts';
import { DatabaseService } from '../database/database.service.ts';
import { ApiUnavailable } from '../problem/api-unavailable.decorator.ts';
import { ConnectionDto } from './connection.dto.ts';

@ApiTags('service')
@Controller('connect')
export class ConnectController {
  constructor(private readonly database: DatabaseService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'A live round trip to the database' })
  @ApiOkResponse({ type: ConnectionDto })
  @ApiUnavailable(...Object.keys(DATABASE_ERROR_CODES))
  async connect(): Promise<ConnectionDto> {
    return { engine: 'PostgreSQL', ...(await this.database.engineVersion()) };
  }
}
