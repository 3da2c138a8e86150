import type { ServerResponse } from 'node:http';
import { Catch, HttpException, HttpStatus, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { DatabaseError } from '../database/database.error.ts';
import { ProblemException } from './problem.exception.ts';
import { problem, type Problem } from './problem.ts';
import { sendProblem } from './send-problem.ts';

/** Seconds after which a client may try again; also long enough for a load balancer to find another task. */
const RETRY_AFTER_S = 2;

const INTERNAL_ERROR = problem(500, 'INTERNAL_ERROR', 'Something went wrong; the log has the details.');

/** Answers whatever a handler threw. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    answerWithProblem(host.switchToHttp().getResponse<ServerResponse>(), exception);
  }
}

/** Turns whatever was thrown into problem+json. What is not known becomes a bare 500, its details only a log line. */
export function answerWithProblem(response: ServerResponse, exception: unknown): void {
  const answer = toProblem(exception);
  if (answer.status >= 500) {
    // For the request's one line in the log, which says what went wrong.
    response.err = exception instanceof Error ? exception : new Error(String(exception));
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (answer.status === 503 && !response.hasHeader('Retry-After')) {
    response.setHeader('Retry-After', RETRY_AFTER_S);
  }
  response.setHeader('Cache-Control', 'no-store');
  sendProblem(response, answer);
}

function toProblem(exception: unknown): Problem {
  if (exception instanceof ProblemException) {
    return exception.getResponse();
  }
  if (exception instanceof DatabaseError) {
    return problem(503, exception.code, exception.message);
  }
  if (exception instanceof HttpException) {
    return ofHttpException(exception);
  }
  return isClientError(exception)
    ? problem(exception.status, codeOf(exception.status), 'The request could not be understood.')
    : INTERNAL_ERROR;
}

/** The status is the thrower's, and so is the detail: only what a 500 says is not meant for the client. */
function ofHttpException(exception: HttpException): Problem {
  const status = exception.getStatus();
  return status === 500 ? INTERNAL_ERROR : problem(status, codeOf(status), detailOf(exception));
}

function detailOf(exception: HttpException): string {
  const response = exception.getResponse();
  const message = typeof response === 'string' ? response : (response as { message?: unknown }).message;
  // A pipe that validates gives a list.
  return [message].flat().every((part) => typeof part === 'string')
    ? [message].flat().join('; ')
    : exception.message;
}

/** A name for programs, as `UNPROCESSABLE_ENTITY`. */
function codeOf(status: number): string {
  return HttpStatus[status] ?? 'ERROR';
}

/** An error that is the client's doing, as Express and its middleware mark one. */
function isClientError(exception: unknown): exception is { status: number } {
  const status = (exception as { status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' && status >= 400 && status < 500;
}
