import type { Aws } from './aws.ts';
import type { Log } from './log.ts';
import type { Outcome } from './model.ts';
import { publishOutcome } from './ports/sns.ts';

/** Logs an outcome as one line and publishes it. */
export async function tell(aws: Aws, log: Log, messageId: string, outcome: Outcome): Promise<void> {
  log.info('phase' in outcome ? 'release command failed' : 'rollout ended', { messageId, ...outcome });
  await publishOutcome(aws.clients.sns, aws.topicArn, outcome, aws.signal);
}
