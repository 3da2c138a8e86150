import { act } from './act.ts';
import type { Aws } from './aws.ts';
import { decide } from './decide.ts';
import type { Log } from './log.ts';
import { lookAgain, lookUntilSure } from './look-again.ts';
import { SettledFirstError } from './errors.ts';
import type { Decision, Observation, ServedService, Trigger } from './model.ts';
import { observe } from './observe.ts';
import { tell } from './tell.ts';

/** One decision in a few words, for the answer to a direct invocation. */
export interface Decided {
  service: string;
  decision: Decision['action'];
  commit: string | undefined;
  reason: string;
}

/**
 * Brings one service one step nearer to what should run. It looks again, rather than acting, on a view that
 * contradicts itself, after a write of unknown effect (two equal updates are two deployments), and when
 * another run came in between.
 * @throws whatever AWS or the decision refuses, for the message to be retried.
 */
export async function reconcile(
  aws: Aws,
  log: Log,
  messageId: string,
  served: ServedService,
  trigger: Trigger,
): Promise<Decided> {
  const { service } = served;
  let decided: Decided = { service, decision: 'nothing', commit: undefined, reason: '' };
  return lookAgain(
    aws,
    (error) => log.info('looks again', { messageId, ...decided, reason: error.message }),
    async () => {
      const { observed, decision } = await lookUntilSure(
        aws,
        (one) => !restsOnAbsence(one.decision, trigger, one.observed.seen),
        async () => {
          const seen = await observe(aws, served, trigger);
          return { observed: seen, decision: decide(seen.seen, trigger) };
        },
      );
      const { commit, digest } = subjectOf(decision, observed.seen.newest);
      const { action, reason } = decision;
      decided = { service, decision: action, commit, reason };
      log.info('decided', { messageId, service, commit, digest, decision: action, reason });
      await act(aws, served, observed, decision, (outcome) => tell(aws, log, messageId, outcome));
      if (goesOn(decision)) throw new SettledFirstError(reason);
      return decided;
    },
  );
}

/** A step after which the trigger itself is still open. */
function goesOn(decision: Decision): boolean {
  const { action } = decision;
  return (
    action === 'stop' || action === 'conclude' || (action === 'release' && decision.next === 'look again')
  );
}

/** Releases, restarts and records are safe: their number tells whether something newer was there already. */
function restsOnAbsence(
  { action }: Decision,
  { kind }: Trigger,
  { newest, running, command }: Observation,
): boolean {
  if (command?.running || command?.ended) return false;
  if (newest?.progress === 'never deployed' || action === 'refuse') return true;
  return action === 'nothing' && kind === 'restart' && !running;
}

/** What a decision is about; where nothing is done, the release that stands. */
function subjectOf(decision: Decision, newest: { commit: string; digest: string } | undefined) {
  if (decision.action === 'release') return decision.image;
  if (decision.action === 'refuse') return { commit: decision.commit, digest: undefined };
  if (decision.action === 'nothing' || decision.action === 'stop')
    return { commit: newest?.commit, digest: newest?.digest };
  return decision.release;
}
