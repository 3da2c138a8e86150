import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { environment, type Environment } from '../config/environment.ts';
import { manifest } from './manifest.ts';
import { VersionDto } from './version.dto.ts';

@ApiTags('service')
@Controller('version')
export class VersionController {
  private readonly answer: VersionDto;

  constructor(@Inject(environment.KEY) { GIT_SHA }: Environment) {
    this.answer = {
      name: manifest.name,
      version: manifest.version,
      commit: GIT_SHA,
      node: process.version,
      startedAt: new Date(performance.timeOrigin).toISOString(),
    };
  }

  @Get()
  @ApiOperation({ summary: 'What runs here, and since when' })
  @ApiOkResponse({ type: VersionDto })
  version(): VersionDto {
    return this.answer;
  }
}
