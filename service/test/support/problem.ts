import { expect } from '@jest/globals';
import type { ServiceProcess } from '@slipway/test-helpers/service-process';

/** Asks a route and expects a 503 with this code: complete, with `Retry-After`, and without a word too much. */
export async function expectUnavailable(service: ServiceProcess, route: string, code: string): Promise<void> {
  const answer = await service.get(route);
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(JSON.parse(text)).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: expect.any(String),
    code,
    requestId: answer.headers.get('x-request-id'),
  });
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(text).not.toMatch(/127\.0\.0\.1|localhost|postgres|password|SELECT|node_modules/i);
}
