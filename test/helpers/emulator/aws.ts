import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The clients of the AWS SDK that the redeployer brings along, against an emulator. */
export function clientsOf(url: string) {
  const options = { region: REGION, endpoint: url, credentials, maxAttempts: 1 };
  return { ecr: new ECRClient(options), ecs: new ECSClient(options) };
}

/** An answer of AWS that is an error; `code` without a namespace, as `ResourceNotFoundException`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(`${status} ${code}: ${message}`);
    this.code = code;
    this.status = status;
  }
}

type Json = Record<string, unknown>;

/** What the emulator reads of a signature: the service and the region. */
function headersFor(service: string, region = REGION): Record<string, string> {
  const scope = `test/20260101/${region}/${service}/aws4_request`;
  return { Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` };
}

/**
 * Calls an API of AWS that speaks JSON and has no client here.
 * @param target such as `AmazonSQS.SendMessage`: the API's prefix and the action.
 * @throws AwsError
 */
export async function call<T = Json>(
  url: string,
  service: string,
  target: string,
  body: Json,
  region = REGION,
): Promise<T> {
  const headers = {
    ...headersFor(service, region),
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': target,
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  const answer = (text === '' ? {} : JSON.parse(text)) as Json;
  if (response.ok) return answer as T;
  const code = String(answer['__type']).split('#').pop() ?? '';
  throw new AwsError(response.status, code, String(answer['message'] ?? answer['Message']));
}

/**
 * Calls an API of AWS over REST, such as Lambda and S3.
 * @throws AwsError
 */
export async function rest(
  url: string,
  service: string,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<{ headers: Headers; text: string }> {
  const init = {
    method,
    headers: { ...headersFor(service), ...headers },
    ...(body === undefined ? {} : { body }),
  };
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  if (response.ok) return { headers: response.headers, text };
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? response.headers.get('x-amzn-errortype') ?? '';
  throw new AwsError(response.status, code, text);
}

/** Calls an API of AWS that takes a form and answers in XML, such as EC2 and RDS. @throws AwsError */
export async function query(url: string, service: string, form: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(form).toString();
  const type = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return (await rest(url, service, 'POST', '/', body, type)).text;
}

/** Calls the emulator's own API. @throws AwsError with the message of the error. */
export async function control<T = Json>(url: string, path: string, body?: Json): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${url}/_emulator/${path}`, init);
  const answer = (await response.json()) as { error?: string };
  if (!response.ok) throw new AwsError(response.status, '', answer.error ?? '');
  return answer as T;
}
