import { describe, expect, test } from '@jest/globals';
import type { Aws } from '../src/aws.ts';
import { lookUntilSure } from '../src/look-again.ts';

describe('a look at AWS, whose answers may be late', () => {
  test.each([
    ['what is seen is believed at once', ['there'], 'there'],
    ['what is missing is looked for again', ['missing', 'there'], 'there'],
    ['what is missing three times is missing', ['missing', 'missing', 'missing'], 'missing'],
  ])('%s', async (_, answers, believed) => {
    const pauses: number[] = [];
    const aws = {
      pause: (ms: number) => {
        pauses.push(ms);
        return Promise.resolve();
      },
    } as unknown as Aws;
    const left = [...answers];

    const seen = await lookUntilSure(
      aws,
      (answer) => answer === 'there',
      () => Promise.resolve(left.shift()),
    );

    expect({ seen, left, pauses }).toEqual({
      seen: believed,
      left: [],
      pauses: [500, 1000].slice(0, answers.length - 1),
    });
  });
});
