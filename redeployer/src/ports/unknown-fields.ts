import type { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';

/**
 * An SDK leaves out of an answer what is newer than itself. A template is carried over whole, so what ECS told
 * beyond the SDK is taken from the answer as it came, and put into the request as it goes.
 */
export type Unknown = { [key: string]: unknown };

/** @returns a function that gives the last answer as it came over the wire; empty where none came. */
export function catchAnswer(stack: DescribeTaskDefinitionCommand['middlewareStack']): () => Unknown {
  let answer: Unknown = {};
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: AsyncIterable<Uint8Array> | Uint8Array };
      const body = await bytesOf(response.body);
      response.body = body;
      const text = body.toString();
      if (text.startsWith('{')) answer = objectOf(JSON.parse(text)) ?? {};
      return result;
    },
    // Behind the SDK's own step, which reads the body.
    { step: 'deserialize', priority: 'low', name: 'catchAnswer' },
  );
  return () => answer;
}

/** Puts fields into the request's body. */
export function addUnknown(stack: RegisterTaskDefinitionCommand['middlewareStack'], unknown: Unknown): void {
  stack.add(
    (next) => async (args) => {
      const request = args.request as { body: string };
      request.body = JSON.stringify(merged(JSON.parse(request.body), unknown));
      return next(args);
    },
    // Behind the SDK's own step, which writes the body, and before the one that measures and signs it.
    { step: 'serialize', priority: 'low', name: 'addUnknown' },
  );
}

/** What an answer holds beyond what is known of it, at any depth; lists item by item. */
export function unknownIn(answer: unknown, known: unknown): Unknown | undefined {
  const [told, understood] = [objectOf(answer), objectOf(known)];
  if (!told || !understood) return undefined;
  const found: Unknown = {};
  for (const [key, value] of Object.entries(told)) {
    const rest = understood[key] === undefined ? (value ?? undefined) : unknownIn(value, understood[key]);
    if (rest !== undefined) found[key] = rest;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

function merged(known: unknown, unknown: unknown): unknown {
  const [base, extra] = [objectOf(known), objectOf(unknown)];
  if (!base || !extra) return unknown;
  const both = Array.isArray(known) ? [...(known as unknown[])] : { ...base };
  return Object.assign(
    both,
    Object.fromEntries(
      Object.entries(extra).map(([key, value]) => [key, key in base ? merged(base[key], value) : value]),
    ),
  );
}

/** Lists too, by the numbers of their items; times and the like are values. */
function objectOf(value: unknown): Unknown | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Date) return undefined;
  return value as Unknown;
}

async function bytesOf(body: AsyncIterable<Uint8Array> | Uint8Array | undefined): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
