import { SKEW_MS } from './clocks.ts';
import type { Choice, Decision, Image, Next, Observation, Release, Trigger } from './model.ts';

type Newest = NonNullable<Observation['newest']>;
type Request = { commit: string; until: number };

/**
 * Decides what is missing between what should run and what does. Pure and total: the table in the
 * README is this function, row by row. One call decides one step; whatever it leaves open, the next
 * trigger finds again.
 */
export function decide(seen: Observation, trigger: Trigger): Decision {
  const decision = commandFirst(seen) ?? whatIsMissing(seen, trigger);
  return seen.paused ? startNothing(decision) : decision;
}

/** While the service is paused, what is due is registered at most: as a release that was never deployed it is due afterwards. */
function startNothing(decision: Decision): Decision {
  const reason = `${decision.reason}; the service is paused`;
  switch (decision.action) {
    case 'release':
    case 'restart':
      return { ...decision, next: 'wait', reason };
    case 'deploy':
    case 'run':
      return nothing(reason);
    default:
      return decision;
  }
}

/** What a release command came to is settled before anything else, which may rest on it; then it is looked again. */
function commandFirst({ command }: Observation): Decision | undefined {
  if (command?.ended) {
    const { ended } = command;
    return { action: 'conclude', ...ended, reason: `the release command ${ended.end}` };
  }
  if (command?.running?.state === 'overdue') {
    return { action: 'stop', task: command.running, reason: 'the release command takes longer than it may' };
  }
  return undefined;
}

function whatIsMissing(seen: Observation, trigger: Trigger): Decision {
  const { newest } = seen;
  const known = newest?.releasedAt ?? -Infinity;
  const request =
    trigger.kind === 'release' ? { commit: trigger.commit, until: endOfSecond(trigger.at) } : undefined;
  const asked = request && isNewer(request.until, newest) ? request : undefined;
  // What was asked for once holds for every later release: its tasks begin after it.
  const restartAt = Math.max(newest?.restartAt ?? 0, trigger.kind === 'restart' ? trigger.at : 0);

  const pushed = lastPushed(seen.images);
  if (pushed && pushed.pushedAt > Math.max(known, asked?.until ?? -Infinity)) {
    const choice: Choice = { cause: 'pushed', releasedAt: pushed.pushedAt, restartAt };
    if (pushed.digest !== newest?.digest) return release(seen, pushed, choice, 'a newer commit was pushed');
  } else if (asked) {
    return answer(seen, asked, restartAt);
  }
  if (!newest) return nothing('no image of a commit was pushed yet');
  const step = settle(seen, newest, restartAt, trigger) ?? restart(seen, newest, restartAt);
  if (step.action !== 'nothing') return step;
  if (request && !asked) {
    return nothing(`the request is not newer than the newest choice; ${step.reason}`);
  }
  return shared(seen, newest, trigger) ?? step;
}

/** An explicit request that is newer than the newest choice. */
function answer(seen: Observation, { commit, until }: Request, restartAt: number): Decision {
  const { newest } = seen;
  const image = seen.images.find((one) => one.commit === commit);
  if (!image) return refuse(seen, commit, 'the commit is not in the registry');
  const choice: Choice = { cause: 'requested', releasedAt: until, restartAt };
  const stands = newest?.progress === 'completed' || newest?.progress === 'in flight';
  const runs = stands && newest.deployed === seen.running?.arn;
  const waits = newest?.progress === 'never deployed' && seen.command?.running;
  if (newest && newest.digest === image.digest && (runs || waits) && !isChanged(seen, newest)) {
    const reason = runs
      ? 'the commit asked for already runs'
      : 'the commit asked for waits for a release command';
    return { action: 'record', release: newest, choice, reason };
  }
  return release(seen, image, choice, 'the commit was asked for', seen.command?.succeededBefore);
}

/** The newest choice still stands: see that it was carried out, with the newest template. */
function settle(
  seen: Observation,
  newest: Newest,
  restartAt: number,
  trigger: Trigger,
): Decision | undefined {
  const changed = isChanged(seen, newest);
  const choice: Choice = { cause: newest.cause, releasedAt: newest.releasedAt, restartAt };
  if (newest.progress === 'never deployed') {
    const restarts = restartAt > newest.restartAt;
    if (seen.command?.running) {
      const reason = 'a release command runs; its end is an event';
      return restarts ? { action: 'record', release: newest, choice, reason } : nothing(reason);
    }
    if (!seen.images.some(({ digest }) => digest === newest.digest)) {
      return restarts ? undefined : gone(seen, newest, trigger);
    }
    const reason = 'it was registered but never deployed';
    if (changed) return release(seen, newest, choice, `${reason}; the template changed`);
    if (restarts) return release(seen, newest, choice, `${reason}; a restart is due`);
    return isPrepared(seen, newest)
      ? { action: 'deploy', release: newest, reason }
      : { action: 'run', release: newest, reason: `${reason}; its release command is due` };
  }
  // While a deployment is in flight the template waits for its end, which is an event; a restart does not.
  if (!changed || seen.busy) return undefined;
  return release(seen, seen.running ?? newest, choice, 'the template changed');
}

/** A release that was never deployed and has no image any more: deleted in between, or the service was made anew. */
function gone(seen: Observation, newest: Newest, trigger: Trigger): Decision {
  const reason = 'the image of the newest release, which was never deployed, is not in the registry';
  const isAsked =
    trigger.kind === 'release' || (trigger.kind === 'reconcile' && trigger.pushed === newest.commit);
  if (seen.running || isAsked) return refuse(seen, newest.commit, reason);
  return nothing(`${reason}; the next push starts the service`);
}

/**
 * A restart is done when the tasks that serve in the end began after it. So it outlives a release that fails,
 * and is due again for what ECS goes back to; only when that very restart fails is it dropped.
 */
function restart(seen: Observation, newest: Newest, restartAt: number): Decision {
  const { running } = seen;
  const choice: Choice = { cause: newest.cause, releasedAt: newest.releasedAt, restartAt };
  const isNew = restartAt > newest.restartAt;
  const failed = newest.progress === 'failed';
  // Without a new restart it is a failure alone that brings older tasks back.
  if (!running || !(isNew || failed)) return nothing(standing(seen, newest));
  if (Math.max(running.restartAt, running.registeredAt - SKEW_MS) >= restartAt) {
    if (!isNew || newest.progress !== 'in flight') return nothing(standing(seen, newest));
    const reason = 'what is in flight began after the restart was asked for, unless it fails';
    return { action: 'record', release: newest, choice, reason };
  }
  if (failed && seen.busy) {
    const reason = 'the restart waits for the end of the rollback';
    return isNew ? { action: 'record', release: newest, choice, reason } : nothing(reason);
  }
  if (failed && !isNew && newest.restarts === running.arn) return nothing('the restart failed');
  return {
    action: 'restart',
    release: running,
    choice,
    next: 'deploy',
    reason: 'its tasks began before the restart',
  };
}

/** Nothing is missing, and why. */
function standing(seen: Observation, newest: Newest): string {
  const { running, busy } = seen;
  if (busy && isChanged(seen, newest)) return 'the changed template waits for the deployment in flight';
  if (newest.progress === 'failed') return 'the newest release failed; only a request tries it again';
  if (newest.progress === 'forgotten') return 'the newest release is older than the deployment history';
  if (newest.progress === 'in flight') return 'the newest release is in flight';
  return newest.deployed === running?.arn
    ? 'the newest release runs'
    : 'the service was moved off the newest release by hand';
}

/** A push that the registry does not show as one, for its image was there before under another commit. */
function shared({ images }: Observation, newest: Newest, trigger: Trigger): Decision | undefined {
  const pushed =
    trigger.kind === 'reconcile' ? images.find(({ commit }) => commit === trigger.pushed) : undefined;
  if (!pushed || pushed.digest === newest.digest) return undefined;
  const others = images.filter(({ digest, commit }) => digest === pushed.digest && commit !== pushed.commit);
  if (others.length === 0) return undefined;
  const reason = 'the image pushed is that of another commit too';
  return {
    action: 'refuse',
    commit: pushed.commit,
    problem: 'shared image',
    others: others.map(({ commit }) => commit),
    reason,
  };
}

/** Of the service, or of its release command. */
function isChanged({ template, command }: Observation, newest: Newest): boolean {
  return (
    newest.template !== template || (command !== undefined && newest.commandTemplate !== command.template)
  );
}

/** A restart needs no release command: what it copies runs. */
function isPrepared({ command }: Observation, newest: Newest): boolean {
  return !command || newest.commandEnd === 'succeeded' || newest.restarts !== undefined;
}

function release(
  seen: Observation,
  { commit, digest, uri }: Omit<Image, 'pushedAt'>,
  choice: Choice,
  reason: string,
  succeeded = hasSucceeded(seen, digest),
): Decision {
  const image = { commit, digest, uri };
  if (!seen.command) return { action: 'release', image, choice, next: 'deploy', reason };
  // What was never deployed, another run may be about to start: it is only seen what runs once this is the newest.
  const isOpen = seen.newest?.progress === 'never deployed';
  const next: Next = isOpen ? 'look again' : succeeded ? 'deploy' : 'run';
  return {
    action: 'release',
    image,
    choice,
    reason,
    next,
    ...(succeeded ? { commandEnd: 'succeeded' } : {}),
  };
}

/** Whether the release command, as it is now, has succeeded for an image that was released before. */
function hasSucceeded({ newest, running, command }: Observation, digest: string): boolean {
  return [newest, running].some(
    (one) =>
      one?.digest === digest && one.commandEnd === 'succeeded' && one.commandTemplate === command?.template,
  );
}

function refuse({ images }: Observation, commit: string, reason: string): Decision {
  const others = images.toSorted(byPush).map((one) => one.commit);
  return { action: 'refuse', commit, problem: 'no image', others, reason };
}

function nothing(reason: string): Decision {
  return { action: 'nothing', reason };
}

/**
 * A request that comes again, or late, changes nothing; of two in one second the one carried out first
 * stands, while over a push of the same moment the request wins.
 */
function isNewer(until: number, newest: Release | undefined): boolean {
  if (!newest || until > newest.releasedAt) return true;
  return until === newest.releasedAt && newest.cause === 'pushed';
}

/** EventBridge cuts times to whole seconds: a request counts until the end of its second. */
function endOfSecond(at: number): number {
  return Math.floor(at / 1000) * 1000 + 999;
}

function lastPushed(images: Image[]): Image | undefined {
  return images.toSorted(byPush)[0];
}

/** Newest first; equal times fall back to the commit, so that every run sees one order. */
function byPush(one: Image, other: Image): number {
  return other.pushedAt - one.pushedAt || (one.commit < other.commit ? 1 : -1);
}
