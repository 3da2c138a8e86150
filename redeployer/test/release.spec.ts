import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../src/ports/ecs.ts';
import { readRelease, releaseInput } from '../src/release.ts';
import { SERVED } from './fake/world.ts';

const image = { commit: 'c'.repeat(40), digest: 'sha256:abc', uri: 'registry/slipway@sha256:abc' };
const releasedAt = Date.parse('2026-03-01T12:00:00.999Z');

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
    const input = releaseInput(SERVED, template(), image, 'pushed', releasedAt);

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
    const input = releaseInput(SERVED, template(), image, 'requested', releasedAt);

    expect(input.tags).toEqual([
      { key: 'project', value: 'slipway' },
      { key: 'commit', value: image.commit },
      { key: 'digest', value: image.digest },
      { key: 'template', value: 'slipway-template:7' },
      { key: 'cause', value: 'requested' },
      { key: 'released-at', value: '2026-03-01T12:00:00.999Z' },
    ]);
  });

  test('names the containers there are when the configured one is missing', () => {
    const served = { ...SERVED, container: 'web' };

    const attempt = () => releaseInput(served, template(), image, 'pushed', releasedAt);

    expect(attempt).toThrow(
      'slipway-template:7 has no container web but api, sidecar: look at `container` in SERVICES',
    );
  });
});

describe('readRelease', () => {
  test('reads back what was registered', () => {
    const { tags = [], containerDefinitions } = releaseInput(
      SERVED,
      template(),
      image,
      'requested',
      releasedAt,
    );
    const registeredAt = new Date('2026-03-01T13:00:00Z');
    const definition = { taskDefinitionArn: 'arn:slipway:3', containerDefinitions, registeredAt };

    const release = readRelease({ definition, tags }, 'api');

    expect(release).toEqual({
      arn: 'arn:slipway:3',
      ...image,
      template: 'slipway-template:7',
      releasedAt,
      cause: 'requested',
      registeredAt: registeredAt.getTime(),
    });
  });

  test('names a revision that something else put into the family', () => {
    const definition = { taskDefinitionArn: 'arn:slipway:4' };

    expect(() => readRelease({ definition, tags: [] }, 'api')).toThrow(
      'arn:slipway:4 lacks the tags commit, digest or released-at',
    );
  });
});
