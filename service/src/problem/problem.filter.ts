import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseError } from '../database/database.error.ts';
import { ProblemException } from './problem.exception.ts';
import { PROBLEM_MEDIA_TYPE, problem, type Problem } from './problem.ts';

/** Seconds after which a client may try again; also long enough for a load balancer to find another task. */
const RETRY_AFTER_S = 2;

/** Turns whatever was thrown into problem+json. What is not known becomes a bare 500, its details only a log line. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const answer = toProblem(exception);
    if (answer.status >= 500) {
      // For the request's one line in the log, which says what went wrong.
      reply.raw.err = exception instanceof Error ? exception : new Error(String(exception));
    }
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (answer.status === 503) {
      void reply.header('Retry-After', RETRY_AFTER_S);
    }
    void reply
      .header('Cache-Control', 'no-store')
      .status(answer.status)
      .type(`${PROBLEM_MEDIA_TYPE}; charset=utf-8`)
      .send(JSON.stringify({ ...answer, requestId: request.id }));
  }
}

function toProblem(exception: unknown): Problem {
  if (exception instanceof ProblemException) {
    return exception.getResponse();
  }
  if (exception instanceof DatabaseError) {
    return problem(503, exception.code, exception.message);
  }
  switch (clientErrorStatus(exception)) {
    case 404:
      return problem(404, 'NOT_FOUND', 'There is nothing at this path. GET /docs lists what there is.');
    case undefined:
      return problem(500, 'INTERNAL_ERROR', 'Something went wrong; the log has the details.');
    default:
      return problem(400, 'BAD_REQUEST', 'The request could not be understood.');
  }
}

/** The status of an error that is the client's doing, as Nest and Fastify mark one. */
function clientErrorStatus(exception: unknown): number | undefined {
  const status =
    exception instanceof HttpException
      ? exception.getStatus()
      : (exception as { status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
