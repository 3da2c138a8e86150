import { describe, expect, it } from '@jest/globals';
import { readWrk } from '../lib/load.ts';

const OUTPUT = `Running 1s test @ http://127.0.0.1:3000/
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.05ms    1.10ms  21.00ms   92.50%
    Req/Sec    25.40k     2.10k   27.00k    80.99%
  Latency Distribution
     50%  850.00us
     75%    2.10ms
     90%    1.20s
     99%    1.10m
  25400 requests in 1.00s, 10.00MB read
Requests/sec:  25400.12
Transfer/sec:     10.00MB
`;

describe('readWrk', () => {
  it('reads every unit of time', () => {
    expect(readWrk(OUTPUT)).toEqual({ requestsPerSecond: 25400.12, p50: 0.85, p99: 66_000, failed: 0 });
  });

  it('counts answers other than 2xx and requests without one', () => {
    const failed = `${OUTPUT}  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 50\n`;
    expect(readWrk(failed).failed).toBe(60);
  });

  it('fails on what wrk never says', () => {
    expect(() => readWrk('unable to connect')).toThrow('unable to connect');
  });
});
