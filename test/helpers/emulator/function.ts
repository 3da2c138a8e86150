import { rest } from './aws.ts';
import { createRole } from './service.ts';

export const FUNCTIONS = '/2015-03-31/functions';

/** Creates a function of the handler `index.handler`, and its role; `timeout` in seconds. */
export async function createFunction(
  url: string,
  name: string,
  zip: Uint8Array,
  { timeout = 20, variables = {} }: { timeout?: number; variables?: Record<string, string> } = {},
): Promise<void> {
  const settings = {
    FunctionName: name,
    Role: await createRole(url, name),
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: timeout,
    Code: { ZipFile: Buffer.from(zip).toString('base64') },
    Environment: { Variables: variables },
  };
  await rest(url, 'lambda', 'POST', FUNCTIONS, JSON.stringify(settings));
}
