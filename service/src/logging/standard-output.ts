import { write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { DestinationStream } from 'pino';

const writeTo = promisify(write);
const STDOUT = 1;

/** How long a line may wait for others, in milliseconds: what a process that is killed outright can lose. */
const WAIT_MS = 10;
/** When what could not be written is tried again, in milliseconds. */
const RETRY_MS = 500;
/** What is kept, in characters, while nothing can be written; the lines beyond are lost. */
const MAX_HELD = 1024 * 1024;
/** How long the end of the process waits for a reader that does not read, in milliseconds. */
const LAST_WRITE_MS = 500;

/**
 * Standard output, written in the background and once in a while, not once a line. What cannot be written, because the
 * disk is full or nobody reads, is kept as far as there is room, and never stops the service. See
 * docs/decisions/0004-request-log.md.
 */
export class StandardOutput implements DestinationStream, OnApplicationShutdown {
  private lines = '';
  private lost = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isStuck = false;

  constructor() {
    // However the process ends by itself, also by an error that nobody caught.
    process.once('exit', () => this.flushSync());
  }

  write(line: string): void {
    if (this.lines.length + line.length > MAX_HELD) {
      this.lost += 1;
      return;
    }
    this.lines += line;
    this.timer ??= setTimeout(() => this.begin(), WAIT_MS);
  }

  /** Writes what is held back and waits for it, but not for ever. */
  async onApplicationShutdown(): Promise<void> {
    this.begin();
    const late = new Promise<'late'>((resolve) => {
      setTimeout(resolve, LAST_WRITE_MS, 'late').unref();
    });
    this.isStuck = (await Promise.race([this.writing, late])) === 'late';
  }

  /** Writes what is held back, where nothing can be waited for. */
  flushSync(): void {
    if (this.isStuck) {
      return;
    }
    try {
      writeSync(STDOUT, this.take());
    } catch {
      // Nobody is left who could be told.
    }
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
    });
  }

  private async writeAll(): Promise<void> {
    while (this.lines !== '') {
      let bytes = Buffer.from(this.take());
      while (bytes.length > 0) {
        try {
          const { bytesWritten } = await writeTo(STDOUT, bytes);
          bytes = bytes.subarray(bytesWritten);
        } catch {
          await new Promise((resolve) => {
            setTimeout(resolve, RETRY_MS).unref();
          });
        }
      }
    }
  }

  private take(): string {
    const report = this.lost === 0 ? '' : lostLines(this.lost);
    const lines = this.lines + report;
    this.lines = '';
    this.lost = 0;
    return lines;
  }
}

function lostLines(lost: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'warn', time, service: 'slipway', lost, msg: 'standard output could not be written: log lines were lost' })}\n`;
}
