/** What one server did with one round of load. */
export interface Round {
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  /** Milliseconds. */
  p99: number;
  /** Requests that got no answer, or another one than 2xx. */
  failed: number;
}

/** Reads what wrk prints. */
export function readWrk(output: string): Round {
  const find = (pattern: RegExp) => pattern.exec(output)?.[1];
  const requestsPerSecond = find(/Requests\/sec:\s+([\d.]+)/);
  if (requestsPerSecond === undefined) {
    throw new Error(`wrk says no requests per second:\n${output}`);
  }
  const socketErrors =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output) ?? [];
  const failed = [find(/Non-2xx or 3xx responses: (\d+)/), ...socketErrors.slice(1)];
  return {
    requestsPerSecond: Number(requestsPerSecond),
    p50: milliseconds(find(/^\s+50%\s+(\S+)/m)),
    p99: milliseconds(find(/^\s+99%\s+(\S+)/m)),
    failed: failed.reduce((sum, count) => sum + Number(count ?? 0), 0),
  };
}

/** @param text as in `850.00us`, `1.20ms`, `2.04s` or `1.10m` */
function milliseconds(text = ''): number {
  const unit = { us: 0.001, ms: 1, s: 1000, m: 60_000 }[/[a-z]+$/.exec(text)?.[0] ?? ''];
  return Number.parseFloat(text) * (unit ?? Number.NaN);
}
