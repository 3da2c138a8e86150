import type { Decision, Image, Observation, Release, Wake } from './model.ts';

/** The choice of an image: which one, why, and the moment the choice counts from. */
type Choice = Omit<Extract<Decision, { action: 'release' }>, 'action' | 'reason'>;

/**
 * Decides what is missing between what should run and what does. Pure and total: the table in the
 * README is this function, row by row. One call decides one step; whatever it leaves open, the next
 * wake-up finds again.
 */
export function decide(seen: Observation, wake: Wake): Decision {
  const step = choose(seen, wake);
  return step.action === 'nothing' && wake.kind === 'restart' ? restart(seen, wake.at, step) : step;
}

function choose(seen: Observation, wake: Wake): Decision {
  const { newest } = seen;
  const known = newest?.releasedAt ?? -Infinity;
  const request = wake.kind === 'release' ? { commit: wake.commit, until: endOfSecond(wake.at) } : undefined;
  const asked = request && isNewer(request.until, newest) ? request : undefined;

  const pushed = lastPushed(seen.images);
  if (pushed && pushed.pushedAt > Math.max(known, asked?.until ?? -Infinity)) {
    const choice: Choice = { image: pushed, cause: 'pushed', releasedAt: pushed.pushedAt };
    if (pushed.digest !== newest?.digest) return release(choice, 'a newer commit was pushed');
  } else if (asked) {
    return answer(seen, asked);
  }
  if (!newest) return nothing('no image of a commit was pushed yet');
  return settle(seen, newest, request && !asked ? 'the request is not newer than the newest choice; ' : '');
}

/** An explicit request that is newer than the newest choice. */
function answer(seen: Observation, asked: { commit: string; until: number }): Decision {
  const { newest } = seen;
  const image = seen.images.find(({ commit }) => commit === asked.commit);
  if (!image) {
    const available = seen.images.toSorted(byPush).map(({ commit }) => commit);
    return { action: 'refuse', commit: asked.commit, available, reason: 'the commit is not in the registry' };
  }
  const stands = newest?.progress === 'completed' || newest?.progress === 'in flight';
  const answered = newest?.arn === seen.running?.arn && newest?.template === seen.template;
  if (newest && newest.digest === image.digest && stands && answered) {
    const reason = 'the commit asked for already runs; the request is kept on its release';
    return { action: 'record', release: newest, releasedAt: asked.until, reason };
  }
  return release({ image, cause: 'requested', releasedAt: asked.until }, 'the commit was asked for');
}

/** The newest choice still stands: see that it was carried out, with the newest template. */
function settle(seen: Observation, newest: NonNullable<Observation['newest']>, note: string): Decision {
  const changed = newest.template !== seen.template;
  if (newest.progress === 'never deployed') {
    return changed
      ? release(again(newest, newest), 'it was registered but never deployed, and the template changed')
      : { action: 'deploy', release: newest, reason: 'it was registered but never deployed' };
  }
  if (changed) {
    if (seen.busy) return nothing(`${note}the changed template waits for the deployment in flight`);
    return release(again(newest, seen.running ?? newest), 'the template changed');
  }
  return nothing(note + standing(newest, seen.running));
}

function standing(newest: NonNullable<Observation['newest']>, running: Release | undefined): string {
  if (newest.progress === 'failed') return 'the newest release failed; only a request tries it again';
  if (newest.progress === 'forgotten') return 'the newest release is older than the deployment history';
  if (newest.progress === 'in flight') return 'the newest release is in flight';
  return newest.arn === running?.arn
    ? 'the newest release runs'
    : 'the service was moved off the newest release by hand';
}

/** A restart is due unless a deployment of what runs began since: its tasks read the secrets anew. */
function restart(seen: Observation, at: number, otherwise: Decision): Decision {
  if (!seen.running) return nothing('there is no release to restart');
  if (seen.deployedAt.some((began) => began >= at)) {
    return nothing(`a deployment already began after the restart was asked for; ${otherwise.reason}`);
  }
  return { action: 'restart', release: seen.running, reason: 'a restart was asked for, or a secret rotated' };
}

/** The image of a release with the standing of the newest choice, so that no older image comes back. */
function again(newest: Release, { commit, digest, uri }: Release): Choice {
  return { image: { commit, digest, uri }, cause: newest.cause, releasedAt: newest.releasedAt };
}

function release({ image, cause, releasedAt }: Choice, reason: string): Decision {
  const { commit, digest, uri } = image;
  return { action: 'release', image: { commit, digest, uri }, cause, releasedAt, reason };
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
