/** What a check says: `cannot tell` where something that it needs is missing, such as credentials. */
export type Result = 'ok' | 'wrong' | 'cannot tell';

export interface Finding {
  /** An environment, or what is looked at beside them. */
  where: string;
  check: string;
  result: Result;
  meaning: string;
  /** The command that mends it, or what to do where there is none. */
  mend?: string;
}

export type Said = Omit<Finding, 'where' | 'check'>;

export const ok = (meaning: string): Said => ({ result: 'ok', meaning });
export const wrong = (meaning: string, mend: string): Said => ({ result: 'wrong', meaning, mend });
export const unknown = (meaning: string, mend?: string): Said => ({
  result: 'cannot tell',
  meaning,
  ...(mend ? { mend } : {}),
});

/** Makes a check; one that fails itself cannot tell, and says why. */
export async function check(where: string, name: string, look: () => Said | Promise<Said>): Promise<Finding> {
  try {
    return { where, check: name, ...(await look()) };
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
    return { where, check: name, ...unknown(said) };
  }
}
