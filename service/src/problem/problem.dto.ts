import { ApiProperty } from '@nestjs/swagger';
import type { Problem } from './problem.ts';

export class ProblemDto implements Problem {
  @ApiProperty({ enum: ['about:blank'] })
  type!: 'about:blank';

  @ApiProperty({ example: 'Service Unavailable' })
  title!: string;

  @ApiProperty({ example: 503 })
  status!: number;

  @ApiProperty({ example: 'The database does not accept connections.' })
  detail!: string;

  @ApiProperty({ example: 'DB_UNREACHABLE', description: 'Stable: programs may rely on it' })
  code!: string;

  @ApiProperty({ example: '5f0c8f4e-8a0e-4d4b-9d0c-2f6d1c3b7a90', description: 'The id in the log' })
  requestId!: string;
}
