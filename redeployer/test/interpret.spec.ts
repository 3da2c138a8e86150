import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readBody } from '../src/events/envelope.ts';
import { interpret } from '../src/events/interpret.ts';
import { commitOf, SERVED } from './fake/world.ts';

function recorded(name: string): string {
  return readFileSync(new URL(`events/${name}.json`, import.meta.url), 'utf8');
}

const served = [
  SERVED,
  { ...SERVED, service: 'worker' },
  { ...SERVED, service: 'other', repository: 'other', secretArns: [] },
];
const at = Date.parse('2026-03-01T12:00:40Z');
const received = Date.parse('2026-03-01T12:05:00Z');

describe('interpret', () => {
  test('a push of a commit triggers every service of the repository', () => {
    const instruction = interpret(readBody(recorded('ecr-push-commit')), served, received);

    const triggers = ['slipway', 'worker'].map((service) => {
      return { kind: 'reconcile', service, pushed: commitOf(1) };
    });
    expect(instruction).toEqual({ kind: 'trigger', triggers });
  });

  test.each([
    ['ecr-push-untagged-empty', 'the image has no tag'],
    ['ecr-push-untagged-missing', 'the image has no tag'],
    ['ecr-push-other-tag', 'the tag latest is not a commit'],
    ['ecr-delete', 'DELETE is not a push'],
    ['ecr-push-failure', 'the push ended with FAILURE'],
    ['ecr-push-other-repository', 'no served service uses the repository another'],
    ['ecs-deployment-in-progress', 'SERVICE_DEPLOYMENT_IN_PROGRESS is not the end of a rollout'],
    ['ecs-task-deprovisioning', 'a release command is DEPROVISIONING'],
    ['rotation-started', 'RotationStarted is not a finished rotation'],
  ])('%s is ignored: %s', (name, reason) => {
    const instruction = interpret(readBody(recorded(name)), served, received);

    expect(instruction).toEqual({ kind: 'ignore', reason: expect.stringContaining(reason) });
  });

  test.each([
    ['ecs-deployment-completed', false],
    ['ecs-deployment-failed', true],
  ])('%s is the end of a rollout at the time of the event, not at its `updatedAt`', (name, failed) => {
    const instruction = interpret(readBody(recorded(name)), served, received);

    const serviceArn = 'arn:aws:ecs:eu-central-1:111122223333:service/main/slipway';
    const event = { serviceArn, failed, deployment: 'ecs-svc/2', at: Date.parse('2026-03-01T12:01:01Z') };
    expect(instruction).toMatchObject({ kind: 'rollout', service: 'slipway', event });
  });

  test('a rollout of a service of the same name in another cluster is ignored', () => {
    const elsewhere = [{ ...SERVED, cluster: 'arn:aws:ecs:eu-central-1:111122223333:cluster/other' }];

    const instruction = interpret(readBody(recorded('ecs-deployment-completed')), elsewhere, received);

    expect(instruction).toMatchObject({ kind: 'ignore' });
  });

  test('the end of a release command triggers its service', () => {
    const instruction = interpret(readBody(recorded('ecs-task-stopped')), served, received);

    const ended = 'arn:aws:ecs:eu-central-1:111122223333:task/main/00000000000000000000000000000001';
    expect(instruction).toEqual({
      kind: 'trigger',
      triggers: [{ kind: 'reconcile', service: 'slipway', ended }],
    });
  });

  test.each([
    ['of a service', 'family:slipway-release-command', 'service:slipway'],
    ['of no group', '"group": "family:slipway-release-command",', ''],
    ['in another cluster', ':cluster/main', ':cluster/other'],
  ])('the end of a task %s is ignored', (_, from, to) => {
    const event = recorded('ecs-task-stopped').replace(from, to);

    expect(interpret(readBody(event), served, received)).toMatchObject({ kind: 'ignore' });
  });

  test('a release request triggers one service for a commit', () => {
    const instruction = interpret(readBody(recorded('release-requested')), served, received);

    const trigger = { kind: 'release', service: 'slipway', commit: commitOf(1), at };
    expect(instruction).toEqual({ kind: 'trigger', triggers: [trigger] });
  });

  test('a restart request triggers one service', () => {
    const instruction = interpret(readBody(recorded('restart-requested')), served, received);

    expect(instruction).toEqual({ kind: 'trigger', triggers: [{ kind: 'restart', service: 'slipway', at }] });
  });

  test.each(['release-requested', 'restart-requested', 'rotation-api-call'])(
    '%s counts from when it came, if it is dated later',
    (name) => {
      const early = Date.parse('2026-03-01T11:00:00Z');

      const instruction = interpret(readBody(recorded(name)), served, early);

      expect(instruction).toMatchObject({ kind: 'trigger', triggers: { 0: { at: early } } });
    },
  );

  test.each(['rotation-service-event', 'rotation-api-call'])(
    '%s restarts the users of the secret',
    (name) => {
      const instruction = interpret(readBody(recorded(name)), served, received);

      const rotatedAt = Date.parse('2026-03-01T12:00:35Z');
      const triggers = ['slipway', 'worker'].map((service) => ({ kind: 'restart', service, at: rotatedAt }));
      expect(instruction).toEqual({ kind: 'trigger', triggers });
    },
  );

  test('a rotation of a secret that nobody uses is ignored', () => {
    const instruction = interpret(
      readBody(recorded('rotation-api-call')),
      [{ ...SERVED, secretArns: [] }],
      received,
    );

    expect(instruction).toMatchObject({ kind: 'ignore' });
  });

  test('the schedule triggers every service', () => {
    const instruction = interpret(readBody(recorded('scheduled')), served, received);

    const triggers = served.map(({ service }) => ({ kind: 'reconcile', service }));
    expect(instruction).toEqual({ kind: 'trigger', triggers });
  });

  test('a direct invocation triggers the service it names, or every one', () => {
    const named = interpret(readBody(recorded('reconcile-requested')), served, received);
    const short = interpret(
      readBody('{"source":"slipway","detail-type":"Reconcile Requested"}'),
      served,
      received,
    );

    expect(named).toEqual({ kind: 'trigger', triggers: [{ kind: 'reconcile', service: 'slipway' }] });
    expect(short).toMatchObject({ kind: 'trigger', triggers: { length: 3 } });
  });

  test.each(['release-requested', 'restart-requested', 'reconcile-requested'])(
    '%s for a service that is not served names those that are',
    (name) => {
      const event = readBody(recorded(name));

      expect(() => interpret(event, [{ ...SERVED, service: 'worker' }], received)).toThrow(
        'SERVICES names no service slipway; it names worker',
      );
    },
  );
});

describe('readBody', () => {
  test.each([
    ['no JSON', '{', 'The message is not JSON'],
    ['no object', '7', 'The event cannot be understood'],
    ['an unknown event', recorded('unknown'), 'The event cannot be understood: detail-type'],
    ['a known event of another source', recorded('scheduled').replace('aws.events', 'me'), 'source'],
    ['a short commit', recorded('release-requested').replace(commitOf(1), 'abc'), '40 hexadecimal digits'],
    ['a bad time', recorded('restart-requested').replace('2026-03-01T12:00:40Z', 'yesterday'), 'time'],
  ])('refuses %s', (_, body, message) => {
    expect(() => readBody(body)).toThrow(message);
    expect(() => readBody(body)).toThrow(expect.objectContaining({ name: 'UnreadableMessageError' }));
  });

  test('a rotation without its secret is refused', () => {
    const event = readBody(recorded('rotation-api-call').replace('"SecretId"', '"Secret"'));

    expect(() => interpret(event, served, received)).toThrow('names no secret');
  });
});
