import type {} from 'node:http';

declare module 'node:http' {
  interface IncomingMessage {
    /** The request's id in the log, in the answer and in every problem. */
    requestId: string;
  }

  interface ServerResponse {
    /** What made the answer a 5xx, for the request's line in the log. */
    err?: Error;
  }
}
