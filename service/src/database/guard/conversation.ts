import { HEADER_BYTES, MAX_ANSWER_BYTES, type Message } from './message-reader.ts';
import { ProtocolError } from './protocol.error.ts';

/** What a message costs beside its bytes: a row without a field is an object all the same. */
const MESSAGE_OVERHEAD_BYTES = 64;

/** The codes of the messages that may come next: after a request for this kind of authentication, and so on. */
const AUTHENTICATION_AFTER: Record<string, number[]> = {
  start: [0, 3, 5, 10],
  3: [0],
  5: [0],
  10: [11],
  11: [12],
  12: [0],
};

const EXPECTED = {
  authenticating: 'REN',
  starting: 'SKNEZ',
  idle: 'SNAE',
  answering: 'TDCIZENSA123nstGHdc',
  refused: '',
};

/**
 * Which message may come when (PostgreSQL manual, 54.2), and how much of them. pg takes most messages at any time: a
 * flood of requests for a proof keeps every thread busy, and a row that no columns were announced for is an error of
 * its own making.
 */
export class Conversation {
  private phase: keyof typeof EXPECTED = 'authenticating';
  private authentication: string | number = 'start';
  private columns: number | undefined;
  private spent = 0;

  /** Whether the server has turned the connection down: it has nothing more to say. */
  get isRefused(): boolean {
    return this.phase === 'refused';
  }

  /** Something was asked: an answer may come, and it may take as much as any. */
  ask(): void {
    this.phase = 'answering';
    this.columns = undefined;
    this.spent = 0;
  }

  /** @throws ProtocolError */
  hear({ code, bytes }: Message): void {
    this.spend(bytes.length + MESSAGE_OVERHEAD_BYTES);
    if (!EXPECTED[this.phase].includes(code)) {
      throw new ProtocolError(`the server sent a message ${JSON.stringify(code)} while ${this.phase}`);
    }
    switch (code) {
      case 'R':
        return this.authenticate(bytes);
      case 'E':
        if (this.phase === 'authenticating' || this.phase === 'starting') {
          this.phase = 'refused';
        }
        return;
      case 'T':
        this.columns = fieldCount(bytes);
        return;
      case 'D':
        return this.row(bytes);
      case 'Z':
        this.phase = 'idle';
    }
  }

  /**
   * What comes is counted from one question to the next, so it bounds what an answer takes in memory, and also a flood
   * that nobody asked for.
   */
  private spend(bytes: number): void {
    this.spent += bytes;
    if (this.spent > MAX_ANSWER_BYTES) {
      throw new ProtocolError('the server sent more than an answer may hold');
    }
  }

  private authenticate(bytes: Buffer): void {
    const type = bytes.length < HEADER_BYTES + 4 ? -1 : bytes.readInt32BE(HEADER_BYTES);
    if (!AUTHENTICATION_AFTER[this.authentication]?.includes(type)) {
      throw new ProtocolError(`the server sent authentication ${type} after ${this.authentication}`);
    }
    this.authentication = type;
    if (type === 0) {
      this.phase = 'starting';
    }
  }

  private row(bytes: Buffer): void {
    if (fieldCount(bytes) !== this.columns) {
      throw new ProtocolError('the server sent a row that does not fit its columns');
    }
  }
}

function fieldCount(bytes: Buffer): number {
  return bytes.length < HEADER_BYTES + 2 ? -1 : bytes.readInt16BE(HEADER_BYTES);
}
