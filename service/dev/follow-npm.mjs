const POLL_MS = 250;

/**
 * npm passes the signals on that it gets, but nobody hears of the one that kills it outright.
 *
 * @param {() => void} onGone
 */
export function followNpm(onGone) {
  if (process.env['npm_lifecycle_event'] === undefined) {
    return;
  }
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== npm) {
      clearInterval(timer);
      onGone();
    }
  }, POLL_MS);
  timer.unref();
}
