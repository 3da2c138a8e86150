import { ApiProperty } from '@nestjs/swagger';

export class VersionDto {
  @ApiProperty({ example: 'slipway' })
  name!: string;

  @ApiProperty({ example: '1.0.0' })
  version!: string;

  @ApiProperty({ example: 'unknown', description: 'The commit that was built, `unknown` outside an image' })
  commit!: string;

  @ApiProperty({ example: 'v24.12.0', description: 'The version of Node that runs it' })
  node!: string;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;
}
