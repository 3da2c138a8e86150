import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Asks a program that answers in JSON; an answer that is an error has a code. */
export type Ask = <Answer>(...args: string[]) => Promise<Answer>;

/** An answer that is an error: of the AWS CLI with AWS's name for it, of `gh` with HTTP's number. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function askAws(variables: Record<string, string>): Ask {
  // Version 1 of the CLI has addresses of its own for queues, which this variable does not override.
  const { AWS_ENDPOINT_URL: url } = process.env;
  const more = ['--output', 'json', ...(url ? ['--endpoint-url', url] : [])];
  return ask('aws', more, { ...process.env, ...variables }, /\((?:[\w.]+\.)?(\w+)\) when calling/);
}

export function askGitHub(): Ask {
  return ask('gh', [], process.env, /HTTP (\d+)/);
}

function ask(program: string, more: string[], env: NodeJS.ProcessEnv, code: RegExp): Ask {
  return async <Answer>(...args: string[]) => {
    try {
      const { stdout } = await run(program, [...args, ...more], { env, maxBuffer: 64 * 1024 * 1024 });
      return JSON.parse(stdout || 'null') as Answer;
    } catch (error) {
      const said = (error as { stderr?: string }).stderr ?? String(error);
      throw new RefusedError(code.exec(said)?.[1] ?? '', said.trim());
    }
  };
}

/** @returns nothing where the answer is that there is none. */
export async function orNothing<Answer>(
  asked: Promise<Answer>,
  ...codes: string[]
): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RefusedError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
