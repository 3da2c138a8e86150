import { describe, expect, test } from '@jest/globals';
import { readConfiguration } from '../src/configuration.ts';
import { SERVED, SERVED_WITH_COMMAND, TOPIC } from './fake/world.ts';

function environment(services: unknown, topic: string | undefined = TOPIC) {
  return { OUTCOME_TOPIC_ARN: topic, SERVICES: JSON.stringify(services) };
}

describe('readConfiguration', () => {
  test('takes what DESIGN.md says', () => {
    const configuration = readConfiguration(environment([SERVED]));

    expect(configuration).toEqual({ services: [SERVED], topicArn: TOPIC });
  });

  test('takes how a release command runs', () => {
    const configuration = readConfiguration(environment([SERVED_WITH_COMMAND]));

    expect(configuration.services).toEqual([SERVED_WITH_COMMAND]);
  });

  test('names what is wrong with how a release command runs', () => {
    const releaseCommand = { subnets: [], securityGroups: ['x'], assignPublicIp: 'no', timeoutSeconds: 0.5 };

    const attempt = () => readConfiguration(environment([{ ...SERVED, releaseCommand }]));

    const at = 'SERVICES.0.releaseCommand';
    expect(attempt).toThrow(`${at}.subnets: must name at least one subnet`);
    expect(attempt).toThrow(`${at}.securityGroups.0: must be the id of a security group`);
    expect(attempt).toThrow(`${at}.assignPublicIp: must be boolean`);
    expect(attempt).toThrow(`${at}.timeoutSeconds: must be a whole number`);
  });

  test('takes the ARN of a cluster', () => {
    const cluster = 'arn:aws:ecs:eu-central-1:111122223333:cluster/main';

    expect(readConfiguration(environment([{ ...SERVED, cluster }])).services[0]).toMatchObject({ cluster });
  });

  test('names every mistake at once', () => {
    const { container: _, ...incomplete } = {
      ...SERVED,
      minimumTasks: 0,
      cluser: 'main',
      repository: 'Slip Way',
    };

    const attempt = () =>
      readConfiguration(environment([incomplete, { ...SERVED, secretArns: ['x'] }], 'topic'));

    expect(attempt).toThrow('OUTCOME_TOPIC_ARN must be the ARN of an SNS standard topic');
    expect(attempt).toThrow('SERVICES.0.repository: must be the name of an ECR repository');
    expect(attempt).toThrow('SERVICES.0.container: is missing');
    expect(attempt).toThrow('SERVICES.0.minimumTasks: must be at least 1');
    expect(attempt).toThrow('SERVICES.0.cluser: is not a known setting');
    expect(attempt).toThrow('SERVICES.1.secretArns.0: must be the ARN of a secret');
  });

  test.each([
    [undefined, 'SERVICES is missing'],
    ['[{', 'SERVICES is not JSON'],
    ['{}', 'SERVICES: must be Array'],
    ['[]', 'SERVICES: must name at least one service'],
  ])('says of %s: %s', (text, message) => {
    expect(() => readConfiguration({ OUTCOME_TOPIC_ARN: TOPIC, SERVICES: text })).toThrow(message);
  });

  test('refuses one service twice: both would own one family', () => {
    expect(() => readConfiguration(environment([SERVED, SERVED]))).toThrow(
      'SERVICES names the service slipway twice',
    );
  });

  test('repeats no value', () => {
    const services = environment([{ ...SERVED, container: 'hunter2 !' }]);

    expect(() => readConfiguration(services)).toThrow(/container/);
    expect(() => readConfiguration(services)).not.toThrow(/hunter2/);
  });
});
