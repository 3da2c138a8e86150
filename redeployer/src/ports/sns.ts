import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Outcome } from '../model.ts';
import { call } from './calls.ts';

/**
 * Publishes an outcome as JSON; the subject is for subscribers by e-mail.
 * @throws MissingResourceError when the topic does not exist; else see `call`.
 */
export async function publishOutcome(
  client: SNSClient,
  topicArn: string,
  outcome: Outcome,
  signal: AbortSignal,
): Promise<void> {
  const command = new PublishCommand({
    TopicArn: topicArn,
    // SNS takes at most 100 characters.
    Subject: `${outcome.outcome} ${outcome.service}`.slice(0, 100),
    Message: JSON.stringify(outcome),
  });
  await call({ action: 'sns:Publish', resource: topicArn }, signal, (options) =>
    client.send(command, options),
  );
}
