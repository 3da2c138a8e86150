import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MessageDto } from './message.dto.ts';

const MESSAGE: MessageDto = { message: 'Slipway is afloat.' };

@ApiTags('service')
@Controller()
export class HelloController {
  @Get()
  @ApiOperation({ summary: 'A static message: the service answers' })
  @ApiOkResponse({ type: MessageDto })
  hello(): MessageDto {
    return MESSAGE;
  }
}
