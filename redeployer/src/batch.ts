import { readBody } from './events/envelope.ts';
import { dispatch, type Dependencies } from './dispatch.ts';

/** The part of an SQS record that is read here. */
export interface QueueRecord {
  messageId: string;
  body: string;
  attributes?: { MessageGroupId?: string; SentTimestamp?: string };
}

/** Lambda's partial batch response: what is named stays in the queue, everything else is deleted. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Handles the messages of a FIFO queue in order. After a failure nothing else of its group is touched:
 * the message and all behind it are reported, so that none overtakes it and none before it comes again.
 */
export async function handleBatch(
  dependencies: Dependencies,
  records: QueueRecord[],
): Promise<BatchResponse> {
  const stopped = new Set<string>();
  const failed: string[] = [];
  for (const { messageId, body, attributes } of records) {
    const group = attributes?.MessageGroupId ?? '';
    if (!stopped.has(group)) {
      try {
        const receivedAt = Number(attributes?.SentTimestamp ?? dependencies.aws.now());
        await dispatch(dependencies, messageId, readBody(body), receivedAt);
        continue;
      } catch (error) {
        stopped.add(group);
        dependencies.log.error('the message stays in the queue', error, { messageId });
      }
    }
    failed.push(messageId);
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
