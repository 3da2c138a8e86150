import type { ServerResponse } from 'node:http';

/**
 * What an API tells browsers, and no more (OWASP REST Security cheat sheet, "Security Headers"). The page at /docs has
 * helmet's whole set.
 */
const API_HEADERS = Object.entries({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
});

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of API_HEADERS) {
    response.setHeader(name, value);
  }
}
