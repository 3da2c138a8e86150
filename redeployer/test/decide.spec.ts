import { describe, expect, test } from '@jest/globals';
import { decide } from '../src/decide.ts';
import type { CommandTask, Image, Observation, Release, Trigger } from '../src/model.ts';
import { commitOf } from './fake/world.ts';

/** Row by row the table of the README; the number of a row starts the name of its test. */

const at = (second: number, ms = 0): number => Date.parse('2026-03-01T12:00:00Z') + second * 1000 + ms;

function image(number: number, pushedAt: number): Image {
  const commit = commitOf(number);
  return { commit, digest: `sha256:${number}`, uri: `registry/slipway@sha256:${number}`, pushedAt };
}

function releaseOf(
  { commit, digest, uri, pushedAt }: Image,
  changes: Partial<NonNullable<Observation['newest']>> = {},
): NonNullable<Observation['newest']> {
  const arn = `arn:slipway:${digest}`;
  return {
    arn,
    number: 1,
    follows: 0,
    active: true,
    commit,
    digest,
    uri,
    template: 'slipway-template:1',
    releasedAt: pushedAt,
    cause: 'pushed',
    registeredAt: pushedAt,
    restartAt: 0,
    deployed: arn,
    progress: 'completed',
    ...changes,
  };
}

function seenWith(changes: Partial<Observation>): Observation {
  const { newest } = changes;
  const stands = newest && (newest.progress === 'completed' || newest.progress === 'in flight');
  return {
    images: [one, two],
    template: 'slipway-template:1',
    running: stands ? newest : undefined,
    busy: newest?.progress === 'in flight',
    paused: false,
    ...changes,
  };
}

const one = image(1, at(10));
const two = image(2, at(20));
const three = image(3, at(30));
const scheduledRun: Trigger = { kind: 'reconcile', service: 'slipway' };
const restart: Trigger = { kind: 'restart', service: 'slipway', at: at(50) };
const request = ({ commit }: { commit: string }, second: number): Trigger => {
  return { kind: 'release', service: 'slipway', commit, at: at(second) };
};
const failedTwo = releaseOf(two, { progress: 'failed' });

describe('what was pushed', () => {
  test('1: no image and no release: nothing', () => {
    const decision = decide(seenWith({ images: [] }), scheduledRun);

    expect(decision).toEqual({ action: 'nothing', reason: 'no image of a commit was pushed yet' });
  });

  test('2: images but no release: the one pushed last is released', () => {
    const decision = decide(seenWith({ images: [two, one] }), scheduledRun);

    expect(decision).toMatchObject({ action: 'release', image: { commit: two.commit } });
    expect(decision).toMatchObject({ choice: { cause: 'pushed', releasedAt: two.pushedAt } });
  });

  test.each(['completed', 'in flight', 'failed', 'never deployed', 'forgotten'] as const)(
    '3: an image pushed after a release that is %s: it is released',
    (progress) => {
      const seen = seenWith({ images: [one, two, three], newest: releaseOf(two, { progress }) });

      const decision = decide(seen, scheduledRun);

      expect(decision).toMatchObject({ action: 'release', image: { commit: three.commit } });
      expect(decision).toMatchObject({ choice: { cause: 'pushed', releasedAt: three.pushedAt } });
    },
  );

  test('33: the same, the service never ran, and it is the one that was pushed: refused', () => {
    const newest = releaseOf(two, { progress: 'never deployed' });

    const decision = decide(seenWith({ images: [one], newest }), { ...scheduledRun, pushed: two.commit });

    expect(decision).toMatchObject({ action: 'refuse', problem: 'no image', commit: two.commit });
  });

  test('33: the same, and a restart: what runs is restarted', () => {
    const newest = releaseOf(two, { progress: 'never deployed' });

    const decision = decide(seenWith({ images: [one], newest, running: releaseOf(one) }), restart);

    expect(decision).toMatchObject({ action: 'restart', release: { commit: one.commit } });
  });

  test('34: a commit whose image is that of an older commit: refused, for its push does not show', () => {
    const newest = releaseOf(two);
    const revert = { ...one, commit: commitOf(3) };
    const seen = seenWith({ images: [one, two, revert], newest });

    const decision = decide(seen, { ...scheduledRun, pushed: revert.commit });

    expect(decision).toMatchObject({ action: 'refuse', problem: 'shared image', others: [one.commit] });
  });

  test.each([
    ['of its own', three, releaseOf(three)],
    ['of the newest release', { ...two, commit: commitOf(3) }, releaseOf(two)],
  ])('34: a pushed commit with an image %s: nothing', (_, pushed, newest) => {
    const seen = seenWith({ images: [one, two, pushed], newest });

    expect(decide(seen, { ...scheduledRun, pushed: pushed.commit }).action).toBe('nothing');
  });

  test.each([
    ['older images only', [one, two]],
    ['the image of the release gone', [one]],
  ])('4: %s: nothing', (_, images) => {
    const decision = decide(seenWith({ images, newest: releaseOf(two) }), scheduledRun);

    expect(decision).toEqual({ action: 'nothing', reason: 'the newest release runs' });
  });

  test.each(['completed', 'failed'] as const)(
    '5: the image of a %s release pushed again: nothing',
    (progress) => {
      const anew = { ...two, pushedAt: at(60) };
      const seen = seenWith({ images: [one, anew], newest: releaseOf(two, { progress }) });

      expect(decide(seen, scheduledRun).action).toBe('nothing');
    },
  );
});

describe('how far the newest release got', () => {
  test('6: registered, never deployed: it is deployed', () => {
    const newest = releaseOf(two, { progress: 'never deployed' });

    const decision = decide(seenWith({ newest, running: releaseOf(one) }), scheduledRun);

    expect(decision).toMatchObject({ action: 'deploy', release: { arn: newest.arn } });
  });

  test('7: never deployed, and the template changed: its own image with the new template', () => {
    const newest = releaseOf(two, { progress: 'never deployed', cause: 'requested', releasedAt: at(40) });
    const seen = seenWith({ newest, running: releaseOf(one), template: 'slipway-template:2', busy: true });

    const decision = decide(seen, scheduledRun);

    expect(decision).toMatchObject({ action: 'release', image: { commit: two.commit } });
    expect(decision).toMatchObject({ choice: { cause: 'requested', releasedAt: at(40) } });
  });

  test.each([
    ['the service never ran', undefined, { action: 'nothing' }],
    ['another release runs', releaseOf(one), { action: 'refuse', problem: 'no image', commit: two.commit }],
  ])('33: never deployed, its image gone, and %s', (_, running, expected) => {
    const newest = releaseOf(two, { progress: 'never deployed' });

    const decision = decide(
      seenWith({ images: [one], newest, ...(running ? { running } : {}) }),
      scheduledRun,
    );

    expect(decision).toMatchObject(expected);
  });

  test.each([
    ['8: failed', 'failed', 'the newest release failed; only a request tries it again'],
    ['9: older than the history', 'forgotten', 'the newest release is older than the deployment history'],
    ['10: in flight', 'in flight', 'the newest release is in flight'],
  ] as const)('%s: nothing', (_, progress, reason) => {
    const decision = decide(seenWith({ newest: releaseOf(two, { progress }) }), scheduledRun);

    expect(decision).toEqual({ action: 'nothing', reason });
  });

  test('11: completed, but somebody moved the service by hand: nothing', () => {
    const decision = decide(seenWith({ newest: releaseOf(two), running: releaseOf(one) }), scheduledRun);

    expect(decision).toEqual({
      action: 'nothing',
      reason: 'the service was moved off the newest release by hand',
    });
  });
});

describe('what was asked for', () => {
  test('12: another commit: it is released and counts from the end of the request’s second', () => {
    const decision = decide(seenWith({ newest: releaseOf(two) }), request(one, 40));

    expect(decision).toMatchObject({ action: 'release', image: { commit: one.commit } });
    expect(decision).toMatchObject({ choice: { cause: 'requested', releasedAt: at(40, 999) } });
  });

  test('12: with no release yet it is released too', () => {
    const decision = decide(seenWith({}), request(one, 40));

    expect(decision).toMatchObject({ action: 'release', image: { commit: one.commit } });
    expect(decision).toMatchObject({ choice: { cause: 'requested' } });
  });

  test.each([
    ['failed', failedTwo, releaseOf(one)],
    ['never deployed', releaseOf(two, { progress: 'never deployed' }), releaseOf(one)],
    ['forgotten', releaseOf(two, { progress: 'forgotten' }), releaseOf(one)],
    ['moved off by hand', releaseOf(two), releaseOf(one)],
    ['of another template', releaseOf(two, { template: 'slipway-template:0' }), undefined],
  ] as const)(
    '13: the commit of the newest release, which is %s: it is released again',
    (_, newest, running) => {
      const seen = seenWith({ newest, ...(running ? { running } : {}) });

      const decision = decide(seen, request(two, 40));

      expect(decision).toMatchObject({
        action: 'release',
        image: { commit: two.commit },
        choice: { cause: 'requested' },
      });
    },
  );

  test.each(['completed', 'in flight'] as const)(
    '14: the commit of the newest release, which is %s: the request is recorded on it',
    (progress) => {
      const newest = releaseOf(two, { progress });

      const decision = decide(seenWith({ newest }), request(two, 40));

      expect(decision).toMatchObject({
        action: 'record',
        release: { arn: newest.arn },
        choice: { cause: 'requested', releasedAt: at(40, 999) },
      });
    },
  );

  test('15: a commit that is gone: refused, with the commits there are, newest first', () => {
    const decision = decide(seenWith({ newest: releaseOf(two) }), request(three, 40));

    expect(decision).toMatchObject({ action: 'refuse', commit: three.commit });
    expect(decision).toMatchObject({ problem: 'no image', others: [two.commit, one.commit] });
  });

  test('16: a request older than the newest choice: nothing, whatever it asks for', () => {
    const newest = releaseOf(two, { cause: 'requested', releasedAt: at(60, 999) });

    const decision = decide(seenWith({ newest }), request(three, 40));

    expect(decision.action).toBe('nothing');
    expect(decision.reason).toBe('the request is not newer than the newest choice; the newest release runs');
  });

  test('17: an image pushed after the request: that image is released', () => {
    const seen = seenWith({ images: [one, two, three], newest: releaseOf(two) });

    const decision = decide(seen, request(one, 25));

    expect(decision).toMatchObject({
      action: 'release',
      image: { commit: three.commit },
      choice: { cause: 'pushed' },
    });
  });

  test('18: an image pushed within the second of the request: the request wins', () => {
    const same = image(3, at(40, 700));

    const decision = decide(seenWith({ images: [one, two, same], newest: releaseOf(two) }), request(one, 40));

    expect(decision).toMatchObject({ action: 'release', image: { commit: one.commit } });
  });

  test('18: the same where the push was released already', () => {
    const newest = releaseOf(image(3, at(40, 999)));

    const decision = decide(seenWith({ newest }), request(one, 40));

    expect(decision).toMatchObject({ action: 'release', image: { commit: one.commit } });
  });

  test.each([
    ['completed', 'nothing'],
    ['failed', 'nothing'],
    ['never deployed', 'deploy'],
  ] as const)('19: the request of a release that is %s comes again: %s', (progress, action) => {
    const newest = releaseOf(one, { progress, cause: 'requested', releasedAt: at(40, 999) });

    expect(decide(seenWith({ newest }), request(one, 40)).action).toBe(action);
  });

  test('20: another request of the same second: the one carried out first stands', () => {
    const newest = releaseOf(one, { cause: 'requested', releasedAt: at(40, 999) });

    expect(decide(seenWith({ newest }), request(two, 40)).action).toBe('nothing');
  });
});

describe('a changed template', () => {
  const template = 'slipway-template:2';

  test('21: it is released with the image that runs, which keeps its standing', () => {
    const newest = releaseOf(two, { cause: 'requested', releasedAt: at(40, 999) });

    const decision = decide(seenWith({ newest, template }), scheduledRun);

    expect(decision).toMatchObject({ action: 'release', image: { commit: two.commit } });
    expect(decision).toMatchObject({ choice: { cause: 'requested', releasedAt: at(40, 999) } });
  });

  test.each([
    ['a release', releaseOf(two, { progress: 'in flight' }), undefined],
    ['a rollback', failedTwo, releaseOf(one)],
  ] as const)('22: while %s is in flight it waits', (_, newest, running) => {
    const seen = seenWith({ newest, template, busy: true, ...(running ? { running } : {}) });

    const decision = decide(seen, scheduledRun);

    expect(decision).toEqual({
      action: 'nothing',
      reason: 'the changed template waits for the deployment in flight',
    });
  });

  test('23: after a failure it is the image that runs, and the failed one stays away', () => {
    const decision = decide(seenWith({ newest: failedTwo, running: releaseOf(one), template }), scheduledRun);

    expect(decision).toMatchObject({ action: 'release', image: { commit: one.commit } });
    expect(decision).toMatchObject({ choice: { releasedAt: two.pushedAt } });
  });

  test('24: where no release ever completed it is the image that failed', () => {
    const decision = decide(seenWith({ newest: failedTwo, template }), scheduledRun);

    expect(decision).toMatchObject({ action: 'release', image: { commit: two.commit } });
  });
});

describe('a restart', () => {
  const running: Release = releaseOf(one);
  const asked = at(50);
  const kept = { action: 'record', choice: { restartAt: asked } };
  const renewed = releaseOf(three, { registeredAt: at(70) });

  test.each([
    ['the newest release', releaseOf(two), undefined, two],
    ['a release in flight', releaseOf(two, { progress: 'in flight' }), undefined, two],
    ['what a rollback left', failedTwo, running, one],
    ['what somebody moved the service to', releaseOf(two), running, one],
  ] as const)('25: %s is deployed anew', (_, newest, other, expected) => {
    const decision = decide(seenWith({ newest, ...(other ? { running: other } : {}) }), restart);

    expect(decision).toMatchObject({ action: 'restart', release: { commit: expected.commit } });
    expect(decision).toMatchObject({ choice: { releasedAt: newest.releasedAt, restartAt: asked } });
  });

  test.each([
    ['was registered after it', renewed, { action: 'nothing' }],
    ['answered it already', releaseOf(three, { restartAt: asked }), { action: 'nothing' }],
    ['was registered too near to tell', releaseOf(three, { registeredAt: at(59) }), { action: 'restart' }],
    ['is in flight, and may fail', { ...renewed, progress: 'in flight' as const }, kept],
  ])('26: what runs %s', (_, newest, expected) => {
    const seen = seenWith({ images: [one, two, three], newest });

    const decision = decide(seen, restart);

    expect(decision).toMatchObject(expected);
  });

  test.each([
    ['no release', seenWith({ images: [] })],
    ['a first release that failed', seenWith({ newest: failedTwo })],
  ])('27: with %s: nothing', (_, seen) => {
    expect(decide(seen, restart).action).toBe('nothing');
  });

  test('28: with a release due, that is done instead, and its tasks begin after the restart', () => {
    const decision = decide(seenWith({ newest: releaseOf(one) }), restart);

    expect(decision).toMatchObject({ action: 'release', image: { commit: two.commit } });
    expect(decision).toMatchObject({ choice: { restartAt: asked } });
  });

  test('29: with a release that was never deployed, that is released anew, so that the restart is kept', () => {
    const newest = releaseOf(two, { progress: 'never deployed' });

    const decision = decide(seenWith({ newest, running }), restart);

    expect(decision).toMatchObject({ action: 'release', image: { commit: two.commit } });
    expect(decision).toMatchObject({
      choice: { cause: 'pushed', releasedAt: two.pushedAt, restartAt: asked },
    });
  });

  test.each([
    ['asked for now', failedTwo, restart, kept],
    [
      'kept already',
      releaseOf(two, { progress: 'failed', restartAt: asked }),
      scheduledRun,
      { action: 'nothing' },
    ],
  ] as const)(
    '30: %s, while ECS rolls back: it waits for the end, which is an event',
    (_, newest, trigger, expected) => {
      const decision = decide(seenWith({ newest, running, busy: true }), trigger);

      expect(decision).toMatchObject(expected);
    },
  );

  test('31: kept by a release that failed: what ECS went back to is deployed anew', () => {
    const newest = releaseOf(two, { progress: 'failed', restartAt: asked });

    const decision = decide(seenWith({ newest, running }), scheduledRun);

    expect(decision).toMatchObject({ action: 'restart', release: { commit: one.commit } });
    expect(decision).toMatchObject({ choice: { releasedAt: two.pushedAt, restartAt: asked } });
  });

  test.each([
    ['the restart of it failed', { progress: 'failed', restarts: running.arn }, {}],
    ['its own tasks began after it', { progress: 'failed' }, { restartAt: asked }],
    ['somebody moved the service to it', { progress: 'completed' }, {}],
  ] as const)('32: kept, and %s: nothing', (_, newest, changes) => {
    const seen = seenWith({
      newest: releaseOf(two, { restartAt: asked, ...newest }),
      running: releaseOf(one, changes),
    });

    expect(decide(seen, scheduledRun).action).toBe('nothing');
  });

  test('32: a restart that failed is tried again when it is asked for again', () => {
    const newest = releaseOf(two, { progress: 'failed', restartAt: at(45), restarts: running.arn });

    expect(decide(seenWith({ newest, running }), restart).action).toBe('restart');
  });

  test('a request, and a changed template, keep it', () => {
    const newest = releaseOf(two, { restartAt: asked });

    const asking = decide(seenWith({ newest }), request(one, 60));
    const changed = decide(seenWith({ newest, template: 'slipway-template:2' }), scheduledRun);

    expect(asking).toMatchObject({ action: 'release', choice: { restartAt: asked } });
    expect(changed).toMatchObject({ action: 'release', choice: { restartAt: asked } });
  });
});

describe('a pause', () => {
  const waiting = releaseOf(two, { progress: 'never deployed' });
  const command = { template: '', succeededBefore: false };

  test.each([
    ['a push', seenWith({ newest: releaseOf(one) }), scheduledRun, { action: 'release' }],
    ['the first push', seenWith({}), scheduledRun, { action: 'release' }],
    ['a push before the command of another ran', seenWith({ command }), scheduledRun, { action: 'release' }],
    ['a request', seenWith({ newest: releaseOf(two) }), request(one, 40), { action: 'release' }],
    ['a restart', seenWith({ newest: releaseOf(two) }), restart, { action: 'restart' }],
  ])('43: %s: it is registered, and waits', (_, seen, trigger, expected) => {
    const decision = decide({ ...seen, paused: true }, trigger);

    expect(decision).toMatchObject({ ...expected, next: 'wait' });
    expect(decision.reason).toMatch(/; the service is paused$/);
  });

  test.each([
    ['a release', seenWith({ newest: waiting }), 'it was registered but never deployed'],
    [
      'a release command',
      seenWith({ newest: { ...waiting, commandTemplate: '' }, command }),
      'its release command is due',
    ],
  ])('44: %s that waits: nothing', (_, seen, reason) => {
    const decision = decide({ ...seen, paused: true }, scheduledRun);

    expect(decision.action).toBe('nothing');
    expect(decision.reason).toMatch(new RegExp(`${reason}; the service is paused$`));
  });
});

describe('a release command', () => {
  const template = 'slipway-release-command-template:1';
  const prepared = { commandTemplate: template, commandEnd: 'succeeded' as const };
  const waiting = releaseOf(two, { number: 2, progress: 'never deployed', commandTemplate: template });
  const running = releaseOf(one, prepared);
  const task: CommandTask = {
    arn: 'arn:task:1',
    release: 2,
    state: 'running',
    createdAt: at(40),
    taskDefinition: 'arn:slipway-release-command:2',
    reason: '',
  };

  /** The service runs the first commit; its command is of the given state. */
  function commanded(
    command: Partial<NonNullable<Observation['command']>>,
    changes: Partial<Observation> = {},
  ): Observation {
    const seen = { template, succeededBefore: false, ...command };
    return seenWith({ newest: waiting, running, command: seen, ...changes });
  }

  test.each([
    ['2: the first release', commanded({}, { newest: undefined, running: undefined })],
    ['3: an image pushed after the newest release', commanded({}, { newest: running })],
  ])('%s: it is registered, and its command is run before its rollout', (_, seen) => {
    const decision = decide(seen, scheduledRun);

    expect(decision).toMatchObject({ action: 'release', image: { commit: two.commit }, next: 'run' });
    expect(decision).not.toHaveProperty('command');
  });

  test('6: it has succeeded for the newest release, which was never deployed: that is deployed', () => {
    const newest = { ...waiting, ...prepared };

    const decision = decide(commanded({}, { newest }), scheduledRun);

    expect(decision).toMatchObject({ action: 'deploy', release: { arn: newest.arn } });
  });

  test.each(['succeeded', 'failed'] as const)(
    '35: it %s: that is kept, whatever else there is to do, and looked at again',
    (end) => {
      const ended = { task: { ...task, state: end }, end, release: waiting };

      const decision = decide(commanded({ ended }, { images: [one, two, three] }), request(one, 60));

      expect(decision).toMatchObject({ action: 'conclude', end, release: { arn: waiting.arn } });
    },
  );

  test('8: it failed: nothing, and only a request or a new push goes on', () => {
    const newest = releaseOf(two, { progress: 'failed', commandTemplate: template, commandEnd: 'failed' });

    expect(decide(commanded({}, { newest }), scheduledRun).action).toBe('nothing');
    expect(decide(commanded({}, { newest }), request(two, 60))).toMatchObject({
      action: 'release',
      next: 'run',
    });
  });

  test('36: ECS knows no task of it: it is run', () => {
    const decision = decide(commanded({}), scheduledRun);

    expect(decision).toMatchObject({ action: 'run', release: { arn: waiting.arn } });
  });

  test.each([
    ['nothing is due', {}],
    ['the template changed', { template: 'slipway-template:2' }],
    ['the image of what waits is gone', { images: [one] }],
  ])('37: one runs, and %s: nothing, for its end is an event', (_, changes) => {
    const decision = decide(commanded({ running: task }, changes), scheduledRun);

    expect(decision).toEqual({ action: 'nothing', reason: 'a release command runs; its end is an event' });
  });

  test.each([
    ['a newer push', scheduledRun, { images: [one, two, three] }, three],
    ['a request for another commit', request(one, 60), {}, one],
    ['a request, and the template changed', request(two, 60), { template: 'slipway-template:2' }, two],
  ])('38: one runs, and %s: it is registered, and looked at again', (_, trigger, changes, { commit }) => {
    const decision = decide(commanded({ running: task }, changes), trigger);

    expect(decision).toMatchObject({ action: 'release', image: { commit }, next: 'look again' });
  });

  test.each([
    [
      'a request for the commit that waits',
      request(two, 60),
      { cause: 'requested', releasedAt: at(60, 999) },
    ],
    ['a restart', restart, { cause: 'pushed', releasedAt: two.pushedAt, restartAt: at(50) }],
  ])('39: one runs, and %s: it is kept', (_, trigger, choice) => {
    const decision = decide(commanded({ running: task }), trigger);

    expect(decision).toMatchObject({ action: 'record', release: { arn: waiting.arn }, choice });
  });

  test('40: one runs for longer than it may: it is stopped', () => {
    const overdue: CommandTask = { ...task, state: 'overdue' };

    const decision = decide(commanded({ running: overdue }), request(one, 60));

    expect(decision).toMatchObject({ action: 'stop', task: { arn: task.arn } });
  });

  test.each([
    ['a changed template', running, scheduledRun, { template: 'slipway-template:2' }, one, 'deploy'],
    ['a restart of what was never deployed', { ...waiting, ...prepared }, restart, {}, two, 'look again'],
    [
      'a request for what failed after it',
      { ...waiting, ...prepared, progress: 'failed' as const },
      request(two, 60),
      {},
      two,
      'deploy',
    ],
  ])(
    '41: it has succeeded for the image, and %s: no other run of it',
    (_, newest, trigger, changes, { commit }, next) => {
      const images = [one, two].filter(({ pushedAt }) => pushedAt <= newest.releasedAt);

      const decision = decide(commanded({ succeededBefore: true }, { newest, images, ...changes }), trigger);

      expect(decision).toMatchObject({
        action: 'release',
        image: { commit },
        next,
        commandEnd: 'succeeded',
      });
    },
  );

  test('41: a request for a commit that it once succeeded for: no other run of it, in whatever template', () => {
    const newest = releaseOf(two, { ...prepared, commandTemplate: 'slipway-release-command-template:0' });

    const decision = decide(
      commanded({ succeededBefore: true }, { newest, running: newest }),
      request(one, 60),
    );

    expect(decision).toMatchObject({ action: 'release', image: { commit: one.commit }, next: 'deploy' });
  });

  test('41: a restart needs none, also where a run was cut off before its deployment', () => {
    const newest = releaseOf(one, {
      progress: 'never deployed',
      commandTemplate: template,
      restarts: running.arn,
    });

    const decision = decide(commanded({}, { newest, images: [one] }), scheduledRun);

    expect(decision).toMatchObject({ action: 'deploy' });
  });

  test.each([
    ['it is released with the image that runs', running, running],
    ['after a failure it is the image that runs', { ...failedTwo, ...prepared }, running],
    ['where no release ever completed it is the image that failed', { ...failedTwo, ...prepared }, undefined],
  ])('42: its own template changed: %s, and the command is run', (_, newest, runs) => {
    const changed = { template: 'slipway-release-command-template:2' };
    const images = [one, two].filter(({ pushedAt }) => pushedAt <= newest.releasedAt);

    const decision = decide(commanded(changed, { newest, running: runs, images }), scheduledRun);

    const { commit } = runs ?? two;
    expect(decision).toMatchObject({ action: 'release', image: { commit }, next: 'run' });
    expect(decision).not.toHaveProperty('command');
  });

  test('42: the same, a deployment in flight: wait for its end', () => {
    const newest = { ...running, progress: 'in flight' as const };
    const changed = { template: 'slipway-release-command-template:2' };

    const decision = decide(
      commanded(changed, { newest, running: newest, busy: true, images: [one] }),
      scheduledRun,
    );

    expect(decision.reason).toBe('the changed template waits for the deployment in flight');
  });

  test('without one a release is deployed at once', () => {
    const decision = decide(seenWith({ newest: releaseOf(one) }), scheduledRun);

    expect(decision).toMatchObject({ action: 'release', next: 'deploy' });
    expect(decision).not.toHaveProperty('command');
  });
});
