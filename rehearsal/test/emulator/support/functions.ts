import { strToU8, zipSync } from 'fflate';
import { ACCOUNT, query, rest } from '@slipway/test-helpers/emulator/aws';

const FUNCTIONS = '/2015-03-31/functions';

/** Creates a role for functions; once an emulator. */
export async function createRole(url: string): Promise<void> {
  await query(url, 'iam', {
    Action: 'CreateRole',
    RoleName: 'function',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
    Version: '2010-05-08',
  });
}

/** Creates a function whose module is `source` and exports `handler`; `timeout` in seconds. */
export async function createFunction(
  url: string,
  name: string,
  source: string,
  { timeout = 20, variables = {} }: { timeout?: number; variables?: Record<string, string> } = {},
): Promise<void> {
  const zip = Buffer.from(zipSync({ 'index.mjs': strToU8(source) })).toString('base64');
  const settings = {
    FunctionName: name,
    Role: `arn:aws:iam::${ACCOUNT}:role/function`,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: timeout,
    Code: { ZipFile: zip },
    Environment: { Variables: variables },
  };
  await rest(url, 'lambda', 'POST', FUNCTIONS, JSON.stringify(settings));
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
