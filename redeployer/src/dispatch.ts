import type { Aws } from './aws.ts';
import type { Envelope } from './events/envelope.ts';
import { interpret } from './events/interpret.ts';
import type { Log } from './log.ts';
import type { ServedService, Trigger } from './model.ts';
import { lookAgain } from './look-again.ts';
import { outcomeOf } from './outcome.ts';
import { type Decided, reconcile } from './reconcile.ts';
import { tell } from './tell.ts';

/**
 * Two restarts that are asked for in one second have one time. The tasks of the first begin after that second,
 * so that they are good for the other one too.
 */
const SECOND_MS = 1000;

/** What every message is handled with. */
export interface Dependencies {
  aws: Aws;
  log: Log;
  services: ServedService[];
}

/**
 * Does what one event asks for.
 * @param receivedAt when it came, in milliseconds.
 * @throws the first error, after every service the event concerns has had its turn.
 */
export async function dispatch(
  dependencies: Dependencies,
  messageId: string,
  event: Envelope,
  receivedAt: number,
): Promise<Decided[]> {
  const instruction = interpret(event, dependencies.services, receivedAt);
  switch (instruction.kind) {
    case 'ignore':
      dependencies.log.info('ignored', { messageId, decision: 'nothing', reason: instruction.reason });
      return [];
    case 'trigger':
      if (instruction.triggers.some(({ kind }) => kind === 'restart')) {
        await dependencies.aws.pause(Math.max(0, receivedAt + SECOND_MS - dependencies.aws.now()));
      }
      return triggerEach(dependencies, messageId, instruction.triggers);
    default: {
      const { service } = instruction;
      const served = servedAs(dependencies, service);
      const outcome = await lookAgain(
        dependencies.aws,
        ({ message: reason }) => dependencies.log.info('looks again', { messageId, service, reason }),
        () => outcomeOf(dependencies.aws, served, instruction.event),
      );
      if (outcome) {
        await tell(dependencies.aws, dependencies.log, messageId, outcome);
      } else {
        const reason = 'the deployment that ended was none of a release';
        dependencies.log.info('ignored', { messageId, service, decision: 'nothing', reason });
      }
      // A changed template may have waited for the end of this rollout.
      return triggerEach(dependencies, messageId, [{ kind: 'reconcile', service }]);
    }
  }
}

/** One service's trouble does not keep the others from theirs. */
async function triggerEach(
  dependencies: Dependencies,
  messageId: string,
  triggers: Trigger[],
): Promise<Decided[]> {
  const decided: Decided[] = [];
  const errors: unknown[] = [];
  for (const trigger of triggers) {
    try {
      decided.push(
        await reconcile(
          dependencies.aws,
          dependencies.log,
          messageId,
          servedAs(dependencies, trigger.service),
          trigger,
        ),
      );
    } catch (error) {
      dependencies.log.error('the service was not brought up to date', error, {
        messageId,
        service: trigger.service,
      });
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return decided;
}

function servedAs({ services }: Dependencies, name: string): ServedService {
  const served = services.find(({ service }) => service === name);
  if (!served) throw new Error(`SERVICES names no service ${name}`);
  return served;
}
