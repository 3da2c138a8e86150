declare namespace Express {
  interface Request {
    /** The request's id in the log, in the answer and in every problem. */
    id: string;
  }

  interface Response {
    /** What made the answer a 5xx, for the request's line in the log. */
    err?: Error;
  }
}
