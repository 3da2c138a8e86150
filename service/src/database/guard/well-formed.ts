import { HEADER_BYTES, type Message } from './message-reader.ts';
import { ProtocolError } from './protocol.error.ts';

/**
 * Holds a message to its own form where pg-protocol does not: it looks for the end of a report for ever, reads a field
 * backwards, and takes values in a binary form that nobody asked for. What it does notice, it throws by itself.
 *
 * @throws ProtocolError
 */
export function expectWellFormed({ code, bytes }: Message): void {
  switch (code) {
    case 'E':
    case 'N':
      return expectReport(bytes);
    case 'T':
      return expectColumns(bytes);
    case 'D':
      return expectRow(bytes);
    case 'C':
      return expectTexts(bytes, 1);
    case 'S':
      return expectTexts(bytes, 2);
    case 'Z':
      return expect(/^[ITE]$/.test(bytes.toString('latin1', HEADER_BYTES)), 'a state of no transaction');
  }
}

/** Fields of one byte and a text each, then a zero. */
function expectReport(bytes: Buffer): void {
  let at = HEADER_BYTES;
  let hasCode = false;
  while (at < bytes.length && bytes[at] !== 0) {
    hasCode ||= bytes[at] === SQLSTATE_FIELD;
    at = endOfText(bytes, at + 1);
  }
  expect(at === bytes.length - 1, 'a report without an end');
  expect(hasCode, 'a report without a code');
}

/** A count, then that many columns: a name, 16 bytes of types and sizes, and a form, which is text. */
function expectColumns(bytes: Buffer): void {
  let at = HEADER_BYTES + 2;
  expect(at <= bytes.length, 'columns without a count');
  for (let left = bytes.readInt16BE(HEADER_BYTES); left > 0; left--) {
    at = endOfText(bytes, at) + 18;
    expect(at <= bytes.length, 'fewer columns than it says');
    expect(bytes.readInt16BE(at - 2) === 0, 'a column that is not text');
  }
  expect(at === bytes.length, 'columns of another length than they have');
}

/** A count, then that many fields: a length and so many bytes, or -1 and none. */
function expectRow(bytes: Buffer): void {
  let at = HEADER_BYTES + 2;
  expect(at <= bytes.length, 'a row without a count');
  for (let left = bytes.readInt16BE(HEADER_BYTES); left > 0; left--) {
    expect(at + 4 <= bytes.length, 'a row with fewer fields than it says');
    const length = bytes.readInt32BE(at);
    expect(length >= -1, 'a field of a negative length');
    at += 4 + Math.max(length, 0);
  }
  expect(at === bytes.length, 'a row of another length than its fields');
}

function expectTexts(bytes: Buffer, count: number): void {
  let at = HEADER_BYTES;
  for (let left = count; left > 0; left--) {
    at = endOfText(bytes, at);
  }
  expect(at === bytes.length, 'a message of another length than its texts');
}

const SQLSTATE_FIELD = 'C'.charCodeAt(0);

function endOfText(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(0, from);
  expect(end >= 0, 'a text without an end');
  return end + 1;
}

function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) {
    throw new ProtocolError(`the server sent ${otherwise}`);
  }
}
