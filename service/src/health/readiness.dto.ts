import { ApiProperty } from '@nestjs/swagger';

export class ReadinessDto {
  @ApiProperty({ enum: ['ok', 'degraded'] })
  status!: 'ok' | 'degraded';

  @ApiProperty({
    enum: ['up', 'degraded'],
    description: '`degraded`: it has answered before and does not now',
  })
  database!: 'up' | 'degraded';
}
