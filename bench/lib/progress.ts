/** One line on standard error that says what is being done; on a terminal it replaces itself. */
export class Progress {
  private done = 0;
  private readonly isTerminal = process.stderr.isTTY;

  /** @param total how many steps there are in all */
  constructor(private total: number) {}

  step(what: string): void {
    this.done += 1;
    const line = `[${this.done}/${this.total}] ${what}`;
    process.stderr.write(this.isTerminal ? `\r\u001B[K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.isTerminal) {
      process.stderr.write('\r\u001B[K');
    }
  }
}
