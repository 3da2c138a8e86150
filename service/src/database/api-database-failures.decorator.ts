import { applyDecorators } from '@nestjs/common';
import { ApiInternalServerErrorResponse, getSchemaPath } from '@nestjs/swagger';
import { ApiUnavailable } from '../problem/api-unavailable.decorator.ts';
import { ProblemDto } from '../problem/problem.dto.ts';
import { PROBLEM_MEDIA_TYPE } from '../problem/problem.ts';
import { DATABASE_ERROR_CODES } from './database.error.ts';

/**
 * Documents how a route fails that asks the database: 503 with one of the database's codes, or of these; 500 when the
 * database works and a query does not.
 */
export function ApiDatabaseFailures(...codes: string[]) {
  return applyDecorators(
    ApiUnavailable(...Object.keys(DATABASE_ERROR_CODES), ...codes),
    ApiInternalServerErrorResponse({
      description: 'The database answers, but not what it was asked; the log has the details',
      content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: getSchemaPath(ProblemDto) } } },
    }),
  );
}
