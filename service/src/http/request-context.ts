import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { requestId } from './request-id.ts';

/** What every log line of a request carries, so that one id finds all of them. */
export interface RequestContext {
  /** The request's id: in the log, in `X-Request-Id` and in every problem. */
  requestId: string;
  /** The trace that the caller's `traceparent` names (W3C Trace Context), 32 hexadecimal digits. */
  traceId?: string;
  /** The `Root` of the load balancer's `X-Amzn-Trace-Id`. */
  amznTraceId?: string;
}

/** The request that is being answered, in whatever runs on its behalf. */
export const requestContext = new AsyncLocalStorage<RequestContext>();

const TRACE_PARENT = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(-|$)/;
const AMZN_ROOT = /(?:^|;)\s*Root=(\d-[\da-f]{8}-[\da-f]{24})(?:;|$)/;

/** Reads the ids of a request; one that is not well formed counts as none. */
export function contextOf(request: IncomingMessage): RequestContext {
  const { headers } = request;
  const context: RequestContext = { requestId: requestId(request) };
  const traceId = firstGroup(TRACE_PARENT, headers['traceparent']);
  if (traceId !== undefined) {
    context.traceId = traceId;
  }
  const amznTraceId = firstGroup(AMZN_ROOT, headers['x-amzn-trace-id']);
  if (amznTraceId !== undefined) {
    context.amznTraceId = amznTraceId;
  }
  return context;
}

function firstGroup(pattern: RegExp, value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? pattern.exec(value)?.[1] : undefined;
}
