/** Says on standard error what is being done. */
export function say(what: string): void {
  process.stderr.write(`${what}\n`);
}
