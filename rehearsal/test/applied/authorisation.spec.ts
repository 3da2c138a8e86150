import { describe, expect, test } from '@jest/globals';
import { exceptions, isAllowed, isEvaluatedOnAll, type Statement } from './support/authorisation.ts';

const DOCUMENTATION = 'https://docs.aws.amazon.com/';

const read: Statement = { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::one/*' };
const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::one/two' };

describe('the evaluation of policies', () => {
  test('allows what a statement names, and nothing else', () => {
    expect(isAllowed(request, [read])).toBe(true);
    expect(isAllowed({ ...request, action: 's3:PutObject' }, [read])).toBe(false);
    expect(isAllowed({ ...request, resource: 'arn:aws:s3:::other/two' }, [read])).toBe(false);
    expect(isAllowed({ ...request, resource: '*' }, [read])).toBe(false);
  });

  test('lets a deny win, and a boundary bound', () => {
    expect(isAllowed(request, [read, { ...read, Effect: 'Deny' }])).toBe(false);
    expect(isAllowed(request, [read], [])).toBe(false);
    expect(isAllowed(request, [read], [{ ...read, Resource: '*' }])).toBe(true);
  });

  test('holds a condition to the keys that are there', () => {
    const via: Statement = { ...read, Condition: { StringEquals: { 'kms:ViaService': ['ecr', 'rds'] } } };

    expect(isAllowed(request, [via])).toBe(false);
    expect(isAllowed({ ...request, context: { 'kms:ViaService': 'rds' } }, [via])).toBe(true);
    expect(isAllowed({ ...request, context: { 'kms:ViaService': 's3' } }, [via])).toBe(false);
  });

  test('does not guess an operator that it does not know', () => {
    const odd: Statement = { ...read, Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '1' } } };

    expect(() => isAllowed({ ...request, context: { 'aws:MultiFactorAuthAge': '1' } }, [odd])).toThrow(
      'NumericLessThan',
    );
  });
});

describe('iac/authorisation.json', () => {
  test('has a source for each exception, and a case that is granted; without a page of AWS it says so', () => {
    const poor = exceptions.filter(
      ({ sources, unconfirmed, evaluated }) =>
        sources.length === 0 ||
        (unconfirmed === undefined && !sources.some((one) => one.startsWith(DOCUMENTATION))) ||
        evaluated.every(({ isRefused }) => isRefused),
    );

    expect(poor).toEqual([]);
    expect(isEvaluatedOnAll('ecs:RegisterTaskDefinition')).toBe(true);
    expect(isEvaluatedOnAll('ecs:UpdateService')).toBe(false);
  });
});
