import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { findTool } from '@slipway/test-helpers/tools/find-tool';
import { readWrk, type Round } from './read-wrk.ts';

export type { Round };

const run = promisify(execFile);
const WRK = findTool('wrk');

/** Which program makes the load: wrk where it is installed, because it leaves more of the machine to the server. */
export const GENERATOR = WRK === undefined ? 'autocannon' : 'wrk';

/** Sends requests over this many connections, each as soon as the one before is answered. */
export async function load(url: string, connections: number, seconds: number): Promise<Round> {
  return WRK === undefined
    ? loadByAutocannon(url, connections, seconds)
    : loadByWrk(WRK, url, connections, seconds);
}

async function loadByAutocannon(url: string, connections: number, duration: number): Promise<Round> {
  const { requests, latency, errors, non2xx } = await autocannon({ url, connections, duration });
  return {
    requestsPerSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    failed: errors + non2xx,
  };
}

async function loadByWrk(program: string, url: string, connections: number, seconds: number): Promise<Round> {
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', url];
  const { stdout } = await run(program, options);
  return readWrk(stdout);
}
