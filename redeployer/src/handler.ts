import { setTimeout as sleep } from 'node:timers/promises';
import { type BatchResponse, handleBatch, type QueueRecord } from './batch.ts';
import { readConfiguration } from './configuration.ts';
import { dispatch, type Dependencies } from './dispatch.ts';
import { readEnvelope } from './events/envelope.ts';
import { createLog } from './log.ts';
import { createClients } from './ports/clients.ts';
import type { Decided } from './reconcile.ts';

/** Left for the answer after the last call to AWS was cut off. */
const RESERVE_MS = 2000;

const log = createLog((line) => process.stdout.write(`${line}\n`), Date.now);
const configuration = readConfiguration(process.env);
const clients = createClients();

/** The part of Lambda's context that is read here. */
interface Context {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/**
 * Takes a batch of the queue, or one event of a direct invocation.
 * @returns the messages to keep in the queue, or what was decided.
 * @throws for a direct invocation only: the caller sees the error.
 */
export async function handler(
  event: unknown,
  context: Context,
): Promise<BatchResponse | { decisions: Decided[] }> {
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));
  const dependencies: Dependencies = {
    log,
    services: configuration.services,
    aws: {
      clients,
      signal,
      topicArn: configuration.topicArn,
      now: Date.now,
      pause: (milliseconds) => sleep(milliseconds, undefined, { signal }),
    },
  };
  if (isBatch(event)) return handleBatch(dependencies, event.Records);
  try {
    return { decisions: await dispatch(dependencies, context.awsRequestId, readEnvelope(event), Date.now()) };
  } catch (error) {
    log.error('the invocation failed', error, { messageId: context.awsRequestId });
    throw error;
  }
}

function isBatch(event: unknown): event is { Records: QueueRecord[] } {
  return typeof event === 'object' && event !== null && 'Records' in event && Array.isArray(event.Records);
}
