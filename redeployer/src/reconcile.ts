import { act } from './act.ts';
import type { Aws } from './aws.ts';
import { decide } from './decide.ts';
import { UncertainWriteError } from './errors.ts';
import type { Log } from './log.ts';
import type { Decision, ServedService, Wake } from './model.ts';
import { observe } from './observe.ts';

/** How often a write of unknown effect is answered by looking again, before the message is failed. */
const LOOKS = 4;

/** One decision in a few words, for the answer to a direct invocation. */
export interface Decided {
  service: string;
  decision: Decision['action'];
  commit: string | undefined;
  reason: string;
}

/**
 * Brings one service one step nearer to what should run. After a write of unknown effect it looks
 * again rather than writing again, because two equal updates are two deployments.
 * @throws whatever AWS or the decision refuses, for the message to be retried.
 */
export async function reconcile(
  aws: Aws,
  log: Log,
  messageId: string,
  served: ServedService,
  wake: Wake,
): Promise<Decided> {
  for (let look = 1; ; look += 1) {
    const observed = await observe(aws, served, wake);
    const decision = decide(observed.seen, wake);
    const { commit, digest } = subjectOf(decision, observed.seen.newest);
    const { action, reason } = decision;
    const { service } = served;
    log.info('decided', { messageId, service, commit, digest, decision: action, reason });
    try {
      await act(aws, served, observed, decision);
      return { service, decision: action, commit, reason };
    } catch (error) {
      if (!(error instanceof UncertainWriteError) || look === LOOKS) throw error;
      log.error('looks again', error, { messageId, service, commit, decision: action });
      await aws.pause(250 * 2 ** look);
    }
  }
}

/** What a decision is about; where nothing is done, the release that stands. */
function subjectOf(decision: Decision, newest: { commit: string; digest: string } | undefined) {
  if (decision.action === 'release') return decision.image;
  if (decision.action === 'refuse') return { commit: decision.commit, digest: undefined };
  if (decision.action === 'nothing') return { commit: newest?.commit, digest: newest?.digest };
  return decision.release;
}
