import { ApiProperty } from '@nestjs/swagger';

export class ConnectionDto {
  @ApiProperty({ enum: ['PostgreSQL'] })
  engine!: 'PostgreSQL';

  @ApiProperty({ example: '18.4', description: "The engine's version" })
  version!: string;

  @ApiProperty({ example: 'PostgreSQL 18.4 on x86_64-pc-linux-gnu', description: "The engine's own words" })
  banner!: string;
}
