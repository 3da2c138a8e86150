let millisecond = 0;
let member = '';

/** The time as a member of a line of pino's: made anew once a millisecond, and not once a line. */
export function isoTime(): string {
  const now = Date.now();
  if (now !== millisecond) {
    millisecond = now;
    member = `,"time":"${new Date(now).toISOString()}"`;
  }
  return member;
}
