import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiServiceUnavailableResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.ts';
import { PROBLEM_MEDIA_TYPE } from './problem.ts';

/** Documents a route's 503: a problem with one of these codes, and when to come back. */
export function ApiUnavailable(...codes: string[]) {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ApiServiceUnavailableResponse({
      description: 'Not now; `Retry-After` says when to try again',
      headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
      content: {
        [PROBLEM_MEDIA_TYPE]: {
          schema: {
            allOf: [
              { $ref: getSchemaPath(ProblemDto) },
              { type: 'object', properties: { code: { type: 'string', enum: codes } } },
            ],
          },
        },
      },
    }),
  );
}
