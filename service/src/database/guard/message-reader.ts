import { ProtocolError } from './protocol.error.ts';

/** A message of the server: its one-byte code, and the whole of it as it came. */
export interface Message {
  code: string;
  bytes: Buffer;
}

/** The code and the length, which counts itself and not the code. */
export const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;

/** What one answer may hold, in bytes, all its messages together, and so also the longest message that is waited for. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Cuts what a server sends into whole messages, wherever its pieces begin and end. */
export class MessageReader {
  private pieces: Buffer[] = [];
  private held = 0;
  /** How many bytes make the next step possible: first a header, then the whole message. */
  private needed = HEADER_BYTES;

  /** @throws ProtocolError when a message says that it is shorter or longer than any can be */
  *read(piece: Buffer): Generator<Message, void, void> {
    this.pieces.push(piece);
    this.held += piece.length;
    if (this.held < this.needed) {
      return;
    }
    let bytes = this.pieces.length === 1 ? piece : Buffer.concat(this.pieces);
    while (bytes.length >= HEADER_BYTES) {
      const end = lengthOf(bytes);
      if (bytes.length < end) {
        break;
      }
      yield { code: String.fromCharCode(bytes[0] as number), bytes: bytes.subarray(0, end) };
      bytes = bytes.subarray(end);
    }
    this.pieces = bytes.length === 0 ? [] : [bytes];
    this.held = bytes.length;
    this.needed = bytes.length < HEADER_BYTES ? HEADER_BYTES : lengthOf(bytes);
  }
}

function lengthOf(bytes: Buffer): number {
  const length = bytes.readUInt32BE(1);
  if (length < LENGTH_BYTES || length > MAX_ANSWER_BYTES) {
    throw new ProtocolError(`a message cannot have ${length} bytes`);
  }
  return length + HEADER_BYTES - LENGTH_BYTES;
}
