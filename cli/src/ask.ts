import { confirm, isCancel, select, text } from '@clack/prompts';
import { ExitError } from './errors.ts';

/** Questions on a terminal. Ctrl-C ends the program, as it does everywhere else. */
export const ask = {
  choice: async (message: string, options: string[], initialValue?: string): Promise<string> =>
    answered<string>(
      await select({ message, options: options.map((value) => ({ value, label: value })), initialValue }),
    ),

  text: async (
    message: string,
    initialValue: string,
    validate: (value: string) => string | undefined,
  ): Promise<string> =>
    answered<string>(await text({ message, initialValue, validate: (value = '') => validate(value) })).trim(),

  yes: async (message: string): Promise<boolean> => answered<boolean>(await confirm({ message })),
};

function answered<T extends string | boolean>(answer: T | symbol): T {
  if (isCancel(answer)) throw new ExitError(130);
  return answer as T;
}
