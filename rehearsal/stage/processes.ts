import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** Every program that the rehearsal starts, each in a process group of its own, so that none outlives it. */
export class Processes {
  private readonly running = new Set<ChildProcess>();
  private isClosed = false;

  /** As `child_process.spawn`; without `env` the program gets PATH and HOME only. */
  spawn(program: string, args: string[], options: SpawnOptions): ChildProcess {
    if (this.isClosed) {
      throw new Error(`${program} was not started: the rehearsal is ending`);
    }
    const { PATH, HOME, TMPDIR } = process.env;
    const env = { PATH, HOME, TMPDIR, ...options.env };
    const child = spawn(program, args, { ...options, env, detached: true });
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    // Whoever waits for it hears of it too; nobody has to.
    child.once('error', () => this.running.delete(child));
    return child;
  }

  /** Kills every process group, at once, and lets nothing else start. */
  async close(): Promise<void> {
    this.isClosed = true;
    const ends = [...this.running].map((child) => {
      const end = new Promise((resolve) => child.once('exit', resolve));
      killGroup(child);
      return end;
    });
    await Promise.all(ends);
  }
}

/** Kills a program and everything that it started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
  }
}
