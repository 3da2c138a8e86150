import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { findTool } from '@slipway/test-helpers/tools/find-tool';

const run = promisify(execFile);
const WRK = findTool('wrk');

/** Which program makes the load: wrk where it is installed, because it leaves more of the machine to the server. */
export const GENERATOR = WRK === undefined ? 'autocannon' : 'wrk';

/** How many connections send at once. */
export const CONNECTIONS = 50;

/** What came of some seconds of load. */
export interface Answered {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  /** Milliseconds. */
  p99: number;
  /** Requests that got no answer, or another one than 2xx. */
  failed: number;
}

/** Sends requests over all connections, each as soon as the one before is answered. */
export async function load(url: string, seconds: number): Promise<Answered> {
  if (WRK !== undefined) {
    const options = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '10s', '--latency', url];
    return readWrk((await run(WRK, options)).stdout);
  }
  const { requests, latency, errors, non2xx } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
  });
  const { p50, p99 } = latency;
  return { requestsPerSecond: requests.average, p50, p99, failed: errors + non2xx };
}

/** Reads what wrk prints. */
export function readWrk(output: string): Answered {
  const find = (pattern: RegExp) => pattern.exec(output)?.[1] ?? '';
  const requestsPerSecond = find(/Requests\/sec:\s+([\d.]+)/);
  if (requestsPerSecond === '') {
    throw new Error(`wrk says no requests per second:\n${output}`);
  }
  const counts = /Socket errors: .*|Non-2xx or 3xx responses: .*/g;
  const failed = output.match(counts)?.flatMap((line) => line.match(/\b\d+$|\d+(?=,)/g) ?? []) ?? [];
  return {
    requestsPerSecond: Number(requestsPerSecond),
    p50: milliseconds(find(/^\s+50%\s+(\S+)/m)),
    p99: milliseconds(find(/^\s+99%\s+(\S+)/m)),
    failed: failed.reduce((sum, count) => sum + Number(count), 0),
  };
}

/** @param text as in `850.00us`, `1.20ms`, `2.04s` or `1.10m` */
function milliseconds(text: string): number {
  const unit = { us: 0.001, ms: 1, s: 1000, m: 60_000 }[/[a-z]+$/.exec(text)?.[0] ?? ''];
  return Number.parseFloat(text) * (unit ?? Number.NaN);
}
