import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processOf } from './process-of.mjs';

const HOST_SCRIPT = 'postgres-host.mjs';
const POLL_MS = 50;
/** How long a server may take to end its connections, before it is killed. */
const STOP_MS = 5000;

/**
 * The server that runs on this data, whoever started it. Its parent tells whether it still belongs to a start: when
 * that is killed outright, the system gives the server to another process.
 *
 * @param {string} directory
 * @returns {{ pid: number, host: number | undefined } | undefined} `host` is undefined when it was left behind
 */
export function runningPostmaster(directory) {
  const pid = recordedPid(directory);
  const postmaster = pid === undefined ? undefined : processOf(pid);
  if (pid === undefined || !postmaster?.command.includes(directory)) {
    return undefined;
  }
  const isHosted = processOf(postmaster.parent)?.command.includes(HOST_SCRIPT);
  return { pid, host: isHosted ? postmaster.parent : undefined };
}

/**
 * Stops a server that was left behind, and waits until it is gone.
 *
 * @param {string} directory
 */
export async function stopLeftBehind(directory) {
  const left = runningPostmaster(directory);
  if (left === undefined || left.host !== undefined) {
    return;
  }
  process.kill(left.pid, 'SIGINT');
  for (let waited = 0; runningPostmaster(directory)?.pid === left.pid; waited += POLL_MS) {
    if (waited === STOP_MS) {
      process.kill(left.pid, 'SIGKILL');
    }
    await delay(POLL_MS);
  }
}

/**
 * @param {string} directory
 * @returns {number | undefined}
 */
function recordedPid(directory) {
  try {
    return Number.parseInt(readFileSync(path.join(directory, 'postmaster.pid'), 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}
