import { HttpException } from '@nestjs/common';
import { problem, type Problem } from './problem.ts';

/** Thrown to answer a request with a problem of its own code. `detail` goes to the client as it stands. */
export class ProblemException extends HttpException {
  declare getResponse: () => Problem;

  constructor(status: number, code: string, detail: string) {
    super(problem(status, code, detail), status);
  }
}
