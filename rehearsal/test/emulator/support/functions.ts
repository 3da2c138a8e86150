import { strToU8, zipSync } from 'fflate';
import { rest } from '@slipway/test-helpers/emulator/aws';
import { createFunction, FUNCTIONS } from '@slipway/test-helpers/emulator/function';

/** Creates a function whose module is `source` and exports `handler`; `timeout` in seconds. */
export function createFunctionOf(
  url: string,
  name: string,
  source: string,
  settings: { timeout?: number; variables?: Record<string, string> } = {},
): Promise<void> {
  return createFunction(url, name, zipSync({ 'index.mjs': strToU8(source) }), settings);
}

/** Invokes a function and waits for its answer; `error` is the header X-Amz-Function-Error. */
export async function invoke(url: string, name: string, event: unknown = {}) {
  const { headers, text } = await rest(
    url,
    'lambda',
    'POST',
    `${FUNCTIONS}/${name}/invocations`,
    JSON.stringify(event),
  );
  return { error: headers.get('x-amz-function-error'), payload: JSON.parse(text) as unknown };
}

/** Lets a rule invoke a function. */
export async function permit(url: string, name: string, rule: string): Promise<void> {
  const statement = {
    StatementId: 'rule',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: rule,
  };
  await rest(url, 'lambda', 'POST', `${FUNCTIONS}/${name}/policy`, JSON.stringify(statement));
}
