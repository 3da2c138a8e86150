import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** The headers that tell browsers to be careful: helmet's, asked for once, because no request changes them. */
export function securityHeaders(): Record<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  // Behind a public IP the service speaks plain HTTP, and a browser told to upgrade would not load /docs.
  const middleware = helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  middleware(request, response, () => {});
  return response.getHeaders() as Record<string, string>;
}
