import { createServer, IncomingMessage, ServerResponse, type ServerOptions } from 'node:http';
import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express, type Request, type Response } from 'express';
import { answerWithProblem } from '../problem/problem.filter.ts';
import { ProblemException } from '../problem/problem.exception.ts';

/** Above the load balancer's idle timeout of 60 s: it must never send on a connection that is being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A whole request has to arrive within this. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often Node looks for requests that are overdue; its default of 30 s would treble the wait. */
const OVERDUE_CHECK_MS = 1000;

const OPTIONS: ServerOptions = {
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: OVERDUE_CHECK_MS,
  // Node would answer a request without a Host itself, with nothing that says why: see refuse.ts.
  requireHostHeader: false,
};

const NOTHING_HERE = new ProblemException(
  404,
  'NOT_FOUND',
  'There is nothing at this path. GET /docs lists what there is.',
);

/** What happens to each request before Express sees it; `next` lets Express find its route. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Nest on Express, and the one file that knows Express: see docs/decisions/0011-express.md. */
export class HttpAdapter extends ExpressAdapter {
  private middleware: Middleware = (_request, _response, next) => next();

  constructor() {
    super(application());
  }

  /** Call it once, before the server listens. */
  useBeforeExpress(middleware: Middleware): void {
    this.middleware = middleware;
  }

  /**
   * Express looks at what it sends as if it could be anything. What a route of ours returns is data, whose type and
   * length are known.
   */
  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    if (
      typeof body !== 'object' ||
      body === null ||
      body instanceof StreamableFile ||
      body instanceof Error
    ) {
      return super.reply(response, body, statusCode);
    }
    const text = JSON.stringify(body);
    response.statusCode = statusCode ?? response.statusCode;
    if (!response.hasHeader('Content-Type')) {
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
    }
    response.setHeader('Content-Length', Buffer.byteLength(text));
    return response.end(text);
  }

  /** What no route answers, and what a middleware passes on, comes out of Express below. */
  override setNotFoundHandler(): void {}
  override setErrorHandler(): void {}

  /** Nest's own passes no options on, and Node takes most of them only here. */
  override initHttpServer(): void {
    const instance = this.getInstance<Express>();
    this.httpServer = createServer(
      { ...OPTIONS, ...messageClasses(instance) },
      (request: IncomingMessage, response: ServerResponse) => {
        this.middleware(request, response, () => {
          instance(request as Request, response as Response, (error: unknown = NOTHING_HERE) => {
            answerWithProblem(response, error);
          });
        });
      },
    ) as typeof this.httpServer;
  }
}

/** The settings have to be made before the router, which Nest's adapter makes at once. */
function application(): Express {
  const instance = express();
  instance.enable('case sensitive routing');
  instance.enable('strict routing');
  instance.disable('x-powered-by');
  instance.disable('etag');
  return instance;
}

/**
 * Express gives each request and response its own prototypes, and an object whose prototype changes is slow from then
 * on. Node makes them with these to begin with.
 */
function messageClasses(instance: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse extends ServerResponse {}
  Object.setPrototypeOf(ExpressRequest.prototype, instance.request);
  Object.setPrototypeOf(ExpressResponse.prototype, instance.response);
  instance.request = ExpressRequest.prototype as unknown as typeof instance.request;
  instance.response = ExpressResponse.prototype as unknown as typeof instance.response;
  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse } as unknown as ServerOptions;
}
