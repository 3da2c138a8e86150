import type { Aws } from './aws.ts';
import { LookAgainError } from './errors.ts';

/** How often one run looks before it fails the message, which SQS then delivers again. */
const LOOKS = 8;

/** What rests on something not being there is believed when so many looks in a row have shown it. */
const LOOKS_FOR_ABSENCE = 3;

/**
 * Looks once where what is seen is sure, and more often where a late answer would look the same.
 * @param isSure whether it rests on what is there, and not on what is missing.
 */
export async function lookUntilSure<T>(
  aws: Aws,
  isSure: (seen: T) => boolean,
  look: () => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    const seen = await look();
    if (number === LOOKS_FOR_ABSENCE || isSure(seen)) return seen;
    await aws.pause(500 * number);
  }
}

/**
 * Looks, and looks again after a pause for as long as what was seen cannot be acted on.
 * @param noted is told why, before each pause.
 * @throws the last LookAgainError when the view did not clear up; any other error at once.
 */
export async function lookAgain<T>(
  aws: Aws,
  noted: (error: LookAgainError) => void,
  look: () => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof LookAgainError) || number === LOOKS) throw error;
      noted(error);
      await aws.pause(Math.min(125 * 2 ** number, 2000));
    }
  }
}
