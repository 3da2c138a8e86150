import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../src/ports/ecs.ts';
import { assertReleasable, readRelease, releaseInput } from '../src/release.ts';
import { SERVED, SERVED_WITH_COMMAND } from './fake/world.ts';

const image = { commit: 'c'.repeat(40), digest: 'sha256:abc', uri: 'registry/slipway@sha256:abc' };
const releasedAt = Date.parse('2026-03-01T12:00:00.999Z');
const memory = {
  choice: { cause: 'requested' as const, releasedAt, restartAt: 0 },
  template: 'slipway-template:7',
  follows: 2,
};

/** A template with every kind of field that ECS answers with. */
function template(): Definition {
  return {
    definition: {
      taskDefinitionArn: 'arn:aws:ecs:eu-central-1:111122223333:task-definition/slipway-template:7',
      family: 'slipway-template',
      revision: 7,
      status: 'ACTIVE',
      registeredAt: new Date(0),
      registeredBy: 'arn:aws:iam::111122223333:role/terraform',
      deregisteredAt: new Date(0),
      requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
      compatibilities: ['EC2', 'FARGATE'],
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      executionRoleArn: 'arn:aws:iam::111122223333:role/execution',
      taskRoleArn: 'arn:aws:iam::111122223333:role/task',
      volumes: [{ name: 'scratch' }],
      placementConstraints: [],
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      ephemeralStorage: { sizeInGiB: 30 },
      enableFaultInjection: false,
      containerDefinitions: [
        { name: 'api', image: 'placeholder', environment: [{ name: 'API_PORT', value: '3000' }] },
        { name: 'sidecar', image: 'sidecar:1' },
      ],
    },
    tags: [
      { key: 'project', value: 'slipway' },
      { key: 'commit', value: 'of the template' },
      { key: 'aws:cloudformation:stack-name', value: 'reserved' },
    ],
  };
}

describe('releaseInput', () => {
  test('carries everything over but the image, and leaves out what ECS only answers with', () => {
    const input = releaseInput(SERVED, 'slipway', template(), image, memory);

    const { definition } = template();
    const fields =
      'containerDefinitions cpu enableFaultInjection ephemeralStorage executionRoleArn family memory ' +
      'networkMode placementConstraints requiresCompatibilities runtimePlatform tags taskRoleArn volumes';
    expect(Object.keys(input).toSorted()).toEqual(fields.split(' '));
    expect(input).toMatchObject({ family: 'slipway', cpu: '256', volumes: [{ name: 'scratch' }] });
    expect(input.containerDefinitions).toEqual([
      { ...definition.containerDefinitions?.[0], image: image.uri },
      definition.containerDefinitions?.[1],
    ]);
  });

  test('carries the tags over, its own winning and the reserved ones left out', () => {
    const input = releaseInput(SERVED, 'slipway', template(), image, memory);

    expect(input.tags).toEqual([
      { key: 'project', value: 'slipway' },
      { key: 'commit', value: image.commit },
      { key: 'digest', value: image.digest },
      { key: 'template', value: 'slipway-template:7' },
      { key: 'cause', value: 'requested' },
      { key: 'released-at', value: '2026-03-01T12:00:00.999Z' },
      { key: 'follows', value: '2' },
    ]);
  });
});

describe('assertReleasable', () => {
  test('names the containers there are when the configured one is missing', () => {
    const served = { ...SERVED, container: 'web' };

    const attempt = () => assertReleasable(served, template());

    expect(attempt).toThrow(
      'slipway-template:7 has no container web but api, sidecar: look at `container` in SERVICES',
    );
  });

  test('names the tags that leave no room for those of a release', () => {
    const tags = Array.from({ length: 42 }, (_, index) => ({ key: `tag-${index}`, value: '' }));
    const tagged = (count: number) => () =>
      assertReleasable(SERVED, { ...template(), tags: tags.slice(0, count) });

    expect(tagged(41)).not.toThrow();
    expect(tagged(42)).toThrow(
      'slipway-template:7 has 42 tags, and a release needs 9 of the 50 that ECS takes: leave it at most 41',
    );
    expect(() => assertReleasable(SERVED_WITH_COMMAND, { ...template(), tags: tags.slice(0, 40) })).toThrow(
      'a release needs 11 of the 50 that ECS takes: leave it at most 39',
    );
  });
});

describe('readRelease', () => {
  test('reads back what was registered', () => {
    const choice = { ...memory.choice, restartAt: Date.parse('2026-03-01T12:30:00Z') };
    const command = {
      commandTemplate: 'slipway-release-command-template:3',
      commandEnd: 'succeeded' as const,
    };
    const remembered = {
      ...memory,
      choice,
      restarts: 'arn:slipway:1',
      deployed: 'arn:slipway:2',
      ...command,
    };
    const { tags = [], containerDefinitions } = releaseInput(
      SERVED,
      'slipway',
      template(),
      image,
      remembered,
    );
    const registeredAt = new Date('2026-03-01T13:00:00Z');
    const definition = { taskDefinitionArn: 'arn:slipway:3', containerDefinitions, registeredAt };

    const release = readRelease({ definition, tags }, 'api');

    expect(release).toEqual({
      arn: 'arn:slipway:3',
      number: 3,
      follows: 2,
      active: true,
      ...image,
      template: 'slipway-template:7',
      ...choice,
      registeredAt: registeredAt.getTime(),
      restarts: 'arn:slipway:1',
      deployed: 'arn:slipway:2',
      ...command,
    });
  });

  test('names a revision that something else put into the family', () => {
    const definition = { taskDefinitionArn: 'arn:slipway:4' };

    expect(() => readRelease({ definition, tags: [] }, 'api')).toThrow(
      'arn:slipway:4 lacks the tags commit, digest or released-at',
    );
  });
});
