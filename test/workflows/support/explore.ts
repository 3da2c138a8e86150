/** One of the options; within one history the same key has the same answer. */
export type Choose = <T>(key: string, options: readonly T[]) => T;

/** Plays every history that can come of the choices made on the way, and returns what each of them ended in. */
export function explore<T>(play: (choose: Choose) => T): T[] {
  const ends: T[] = [];
  let taken: { option: number; of: number }[] = [];
  do {
    let depth = 0;
    const answers = new Map<string, unknown>();
    ends.push(
      play((key, options) => {
        if (!answers.has(key)) {
          const choice = (taken[depth] ??= { option: 0, of: options.length });
          depth += 1;
          answers.set(key, options[choice.option]);
        }
        return answers.get(key) as (typeof options)[number];
      }),
    );
    while (taken.length > 0 && taken.at(-1)!.option + 1 === taken.at(-1)!.of) taken.pop();
    taken = taken.map((one, at) => (at === taken.length - 1 ? { ...one, option: one.option + 1 } : one));
  } while (taken.length > 0);
  return ends;
}
