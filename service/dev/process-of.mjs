import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * What the system says of a process; undefined when there is none, or nothing but its exit code is left of it.
 *
 * @param {number} pid
 * @returns {{ parent: number, command: string } | undefined}
 */
export function processOf(pid) {
  // A small Linux may have no `ps`, and macOS has no /proc.
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

/** @param {number} pid */
function fromProc(pid) {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    // The name of the program, in brackets, may hold anything.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return command === '' ? undefined : { parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function fromPs(pid) {
  const { stdout } = spawnSync('ps', ['-ww', '-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' });
  const [, parent, command] = /^\s*(\d+)\s+(.+)$/m.exec(stdout ?? '') ?? [];
  return command === undefined ? undefined : { parent: Number(parent), command };
}
