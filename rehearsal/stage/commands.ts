import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import { killGroup, type Processes } from './processes.ts';

/** A program that ended with another code than 0. */
export class CommandFailed extends Error {
  /** @param output everything that it wrote; the message has the end of it */
  constructor(program: string, code: number | null, output: string) {
    const end = output.trimEnd().split('\n').slice(-15).join('\n');
    super(`${program} ended with code ${code}:\n${end}`);
  }
}

/** Runs programs to their end; what each one writes is kept in a log of its own. */
export class Commands {
  private count = 0;

  /** @param logs absolute; a folder for the logs */
  constructor(
    private readonly processes: Processes,
    private readonly logs: string,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param name what the log is called
   * @param options.isSecret whether its output holds a secret, so that no log is kept
   * @returns what it wrote to its standard output
   * @throws {CommandFailed}
   */
  async run(
    name: string,
    program: string,
    args: string[],
    { isSecret = false, ...options }: { cwd?: string; env?: Record<string, string>; isSecret?: boolean } = {},
  ): Promise<string> {
    this.signal.throwIfAborted();
    this.count += 1;
    const file = path.join(this.logs, `${String(this.count).padStart(4, '0')}-${name}`);
    const [out, errors] = [`${file}.out.log`, `${file}.err.log`];
    const fds = [openSync(out, 'a'), openSync(errors, 'a')] as const;
    const child = this.processes.spawn(program, args, { ...options, stdio: ['ignore', ...fds] });
    fds.forEach((fd) => closeSync(fd));
    const kill = () => killGroup(child);
    this.signal.addEventListener('abort', kill);
    const [code] = (await once(child, 'exit')) as [number | null];
    this.signal.removeEventListener('abort', kill);
    this.signal.throwIfAborted();
    const output = await readFile(out, 'utf8');
    if (isSecret) {
      await rm(out);
    }
    if (code !== 0) {
      throw new CommandFailed(path.basename(program), code, output + (await readFile(errors, 'utf8')));
    }
    return output;
  }
}
